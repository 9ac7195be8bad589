"""Which topics a member may watch. Each app registers the kinds it publishes on."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable

from agentdesk.accounts.access import Access

Checker = Callable[[Access, set[int]], set[int]]

_WHOLE_NUMBER = re.compile(r"[0-9]{1,18}")
_checkers: dict[str, Checker] = {}


def register(kind: str, checker: Checker) -> None:
    """`checker(access, ids)` returns those of `ids` that the member may hear of."""
    _checkers[kind] = checker


def own_accounts(access: Access, ids: set[int]) -> set[int]:
    return ids & set(access.account_ids)


def own_memberships(access: Access, ids: set[int]) -> set[int]:
    return ids & {member.pk for member in access.memberships.values()}


register("account", own_accounts)
register("member", own_memberships)


def allowed_topics(access: Access, wanted: Iterable[str]) -> set[str]:
    """Those of the wanted topics ("kind:id") that exist and may be heard."""
    by_kind: dict[str, set[int]] = defaultdict(set)
    for topic in wanted:
        kind, _separator, number = topic.partition(":")
        if kind in _checkers and _WHOLE_NUMBER.fullmatch(number):
            by_kind[kind].add(int(number))
    return {
        f"{kind}:{pk}"
        for kind, ids in by_kind.items()
        for pk in _checkers[kind](access, ids)
    }
