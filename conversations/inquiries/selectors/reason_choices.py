"""The contact reasons as a picker offers them: those of these weeks first, then the tree."""

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta

from django.utils import timezone

from agentdesk.accounts.models import ClientAccount
from conversations.inquiries.selectors.choices import Choice
from conversations.inquiries.selectors.reason_tree import ReasonTree
from conversations.models import Inquiry

_WEEKS = timedelta(weeks=4)
_COUNTED = 400  # inquiries, the newest ones
_LIKELY = 5
_SAME_CHANNEL = 3  # times the weight: what one calls about is not what one mails about


def reason_choices(
    account: ClientAccount, *, channel: str = "", current: int | None = None
) -> list[Choice]:
    """In 2 queries. `channel` is the one the inquiry came by, `current` its reason."""
    tree = ReasonTree(account)
    order = [row.reason.pk for row in tree.rows()]
    likely = [pk for pk in _frequent(account, channel) if pk in order][:_LIKELY]
    if current in order:
        likely = [current, *(pk for pk in likely if pk != current)]
    return [
        _choice(tree, pk, is_current=pk == current, is_likely=pk in likely)
        for pk in [*likely, *(pk for pk in order if pk not in likely)]
    ]


def _choice(tree: ReasonTree, pk: int, *, is_current: bool, is_likely: bool) -> Choice:
    reason = tree.reasons[pk]
    return Choice(
        {"reason": pk},
        reason.name,
        hint=tree.path(reason.parent_id),
        words=list(_words(tree, pk)),
        is_current=is_current,
        is_likely=is_likely,
    )


def _words(tree: ReasonTree, pk: int) -> Iterator[str]:
    """Its own reading, and what stands above it."""
    for one in [pk, *tree.ancestors(pk)]:
        reason = tree.reasons[one]
        yield from filter(None, [reason.kana, reason.name if one != pk else ""])


def _frequent(account: ClientAccount, channel: str) -> list[int]:
    rows = Inquiry.objects.filter(
        account=account, last_activity_at__gt=timezone.now() - _WEEKS
    ).order_by("-last_activity_at", "-pk")
    counted: Counter[int] = Counter()
    for pk, theirs in rows.values_list("reason_id", "channel")[:_COUNTED]:
        if pk is not None:
            counted[pk] += _SAME_CHANNEL if theirs == channel else 1
    return [pk for pk, _count in counted.most_common()]
