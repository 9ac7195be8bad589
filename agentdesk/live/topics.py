"""Which topics a member may watch. Each app registers the kinds it publishes on."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable

from agentdesk.accounts.access import Access

Checker = Callable[[Access, set[int]], set[int]]
Cursors = Callable[[set[int]], dict[int, int]]

_WHOLE_NUMBER = re.compile(r"[0-9]{1,18}")
_checkers: dict[str, Checker] = {}
_cursors: dict[str, Cursors] = {}


def register(kind: str, checker: Checker, cursors: Cursors | None = None) -> None:
    """`checker(access, ids)` returns those of `ids` that the member may hear of.

    `cursors(ids)` says how far each has come: a screen that is as far reads nothing
    again when it begins to watch.
    """
    _checkers[kind] = checker
    if cursors is not None:
        _cursors[kind] = cursors


def own_accounts(access: Access, ids: set[int]) -> set[int]:
    return ids & set(access.account_ids)


def own_memberships(access: Access, ids: set[int]) -> set[int]:
    return ids & {member.pk for member in access.memberships.values()}


register("account", own_accounts)
register("member", own_memberships)


def allowed_topics(access: Access, wanted: Iterable[str]) -> set[str]:
    """Those of the wanted topics ("kind:id") that exist and may be heard."""
    return {
        f"{kind}:{pk}"
        for kind, ids in _by_kind(wanted).items()
        if kind in _checkers
        for pk in _checkers[kind](access, ids)
    }


def cursors_of(topics: Iterable[str]) -> dict[str, int]:
    """How far those have come that say so. The topics are allowed ones."""
    return {
        f"{kind}:{pk}": cursor
        for kind, ids in _by_kind(topics).items()
        if kind in _cursors
        for pk, cursor in _cursors[kind](ids).items()
    }


def _by_kind(topics: Iterable[str]) -> dict[str, set[int]]:
    by_kind: dict[str, set[int]] = defaultdict(set)
    for topic in topics:
        kind, _separator, number = topic.partition(":")
        if _WHOLE_NUMBER.fullmatch(number):
            by_kind[kind].add(int(number))
    return by_kind
