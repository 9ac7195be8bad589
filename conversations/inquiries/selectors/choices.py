"""What a picker of the inquiry bar offers: likely ones first, each with the words it is found by."""

from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from agentdesk.accounts.models import Membership
from agentdesk.accounts.readings import search_words
from conversations.inquiries.selectors.at_work import AtWork, at_work
from conversations.models import Inquiry

_LATELY = 60  # messages that say who has seen to a conversation


@dataclass(frozen=True)
class Choice:
    """`values` is what is posted, `words` what it is found by beside its label."""

    values: dict[str, Any]
    label: str
    hint: str = ""
    words: list[str] = field(default_factory=list)
    is_current: bool = False
    is_likely: bool = False


def status_choices(inquiry: Inquiry) -> list[Choice]:
    return [
        Choice({"status": value}, label, is_current=inquiry.status == value)
        for value, label in inquiry.open_status_choices
    ]


def owner_choices(inquiry: Inquiry, *, member: Membership) -> list[Choice]:
    """Me, who has seen to it last, then those with the least to do. In 4 queries."""
    found = Membership.objects.active().filter(account_id=inquiry.account_id)
    members = list(found.select_related("user"))
    work = at_work(members)
    recent = _recent_members(inquiry)
    likely = [pk for pk in (member.pk, *recent[:2]) if pk != inquiry.owner_id]

    def rank(one: Membership) -> tuple[int, int, str]:
        place = likely.index(one.pk) if one.pk in likely else len(likely)
        return place, work[one.pk].open_inquiries, one.user.kana or one.user.name

    choices = [
        Choice(
            {"owner": one.pk},
            one.user.name,
            hint=_owner_hint(one, work[one.pk], recent, member),
            words=search_words(one.user),
            is_current=inquiry.owner_id == one.pk,
            is_likely=one.pk in likely,
        )
        for one in sorted(members, key=rank)
    ]
    nobody = Choice({"owner": ""}, _("No owner"), is_current=inquiry.owner_id is None)
    return [*choices, nobody]


def _owner_hint(
    one: Membership, work: AtWork, recent: list[int], member: Membership
) -> str:
    hints = [_("%(count)s open") % {"count": work.open_inquiries}]
    if work.presence:
        hints.append(work.presence)
    if one.pk == member.pk:
        hints.insert(0, _("you"))
    elif one.pk in recent[:2]:
        hints.insert(0, _("here last"))
    return " · ".join(hints)


def _recent_members(inquiry: Inquiry) -> list[int]:
    """Who has written or done something in the conversation, the last one first."""
    newest = inquiry.conversation.messages.filter(author__isnull=False)
    authors = newest.order_by("-pk").values_list("author_id", flat=True)[:_LATELY]
    return list(dict.fromkeys(authors))
