"""The contact reasons of an account as the tree they are."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from agentdesk.accounts.models import ClientAccount
from conversations.models import ContactReason

MOST_LEVELS = 3


@dataclass(frozen=True)
class ReasonRow:
    """One line of the tree on the settings page. The top has level 1."""

    reason: ContactReason
    level: int
    first: bool
    last: bool
    can_indent: bool
    can_outdent: bool
    can_have_children: bool


class ReasonTree:
    """Read once, by one query; questions about it cost nothing."""

    def __init__(self, account: ClientAccount) -> None:
        self.account = account
        self.reasons: dict[int, ContactReason] = {}
        self._children: dict[int | None, list[int]] = {}
        for reason in ContactReason.objects.filter(account=account):
            self.reasons[reason.pk] = reason
            self._children.setdefault(reason.parent_id, []).append(reason.pk)

    def children(self, parent: int | None) -> list[int]:
        return self._children.get(parent, [])

    def active_children(self, parent: int | None) -> list[int]:
        return [pk for pk in self.children(parent) if self.is_active(pk)]

    def is_active(self, pk: int) -> bool:
        return pk in self.reasons and self.reasons[pk].retired_at is None

    def parent(self, pk: int) -> int | None:
        return self.reasons[pk].parent_id

    def ancestors(self, pk: int) -> list[int]:
        found = []
        parent = self.parent(pk)
        while parent is not None:
            found.append(parent)
            parent = self.parent(parent)
        return found

    def family(self, pk: int) -> list[int]:
        """It and all under it."""
        return [pk] + [one for child in self.children(pk) for one in self.family(child)]

    def is_within(self, pk: int, top: int) -> bool:
        return pk == top or top in self.ancestors(pk)

    def level(self, pk: int) -> int:
        return 1 + len(self.ancestors(pk))

    def height(self, pk: int) -> int:
        """How many levels it fills itself; retired ones may come back, so they count."""
        return 1 + max((self.height(child) for child in self.children(pk)), default=0)

    def above(self, pk: int) -> int | None:
        """The active sibling right above it."""
        ids = self.active_children(self.parent(pk))
        at = ids.index(pk) if pk in ids else 0
        return ids[at - 1] if at else None

    def path(self, pk: int | None) -> str:
        if pk is None:
            return ""
        names = [self.reasons[one].name for one in [*reversed(self.ancestors(pk)), pk]]
        return " › ".join(names)

    def place(self, pk: int) -> dict[str, Any]:
        """Where it stands, as the audit log tells it."""
        ids = self.active_children(self.parent(pk))
        number = ids.index(pk) + 1 if pk in ids else 0
        return {"parent": self.path(self.parent(pk)), "place": number}

    def rows(self) -> list[ReasonRow]:
        """The active ones from top to bottom."""
        return list(self._rows(None, 1))

    def retired(self) -> list[tuple[ContactReason, str]]:
        """The retired ones with the path to their parent."""
        return [
            (reason, self.path(reason.parent_id))
            for reason in self.reasons.values()
            if reason.retired_at is not None
        ]

    def _rows(self, parent: int | None, level: int) -> Iterator[ReasonRow]:
        ids = self.active_children(parent)
        for pk in ids:
            above = self.above(pk)
            yield ReasonRow(
                reason=self.reasons[pk],
                level=level,
                first=pk == ids[0],
                last=pk == ids[-1],
                can_indent=above is not None and level + self.height(pk) <= MOST_LEVELS,
                can_outdent=level > 1,
                can_have_children=level < MOST_LEVELS,
            )
            yield from self._rows(pk, level + 1)
