"""A line of the thread that says what happened: the values before and after."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

from conversations.contents.base import Content, LooseContent


@dataclass(frozen=True, slots=True)
class SystemLine(LooseContent):
    """Which keys `before` and `after` have depends on the event of the line.

    Of `after` those that lead on are typed: see `Lead`.
    """

    before: Mapping[str, Any] = field(default_factory=dict)
    after: Mapping[str, Any] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        return {"before": dict(self.before), "after": dict(self.after)}


@dataclass(frozen=True, slots=True)
class Lead(Content):
    """Where a line leads to, in its `after`.

    `conversation`: another person's. While something is still to be decided: `claim`,
    whether two threads are one person's, or `joining`, which can be undone.
    """

    NAME: ClassVar[str] = "after"

    conversation: int | None = None
    claim: int | None = None
    joining: int | None = None
    reason: str = ""
    value: str = ""
    names: Sequence[str] = ()
