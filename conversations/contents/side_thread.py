"""A side thread: a mail that was passed on to a third party, and what is written there."""

from dataclasses import dataclass
from typing import ClassVar

from conversations.contents.base import Content


@dataclass(frozen=True, slots=True)
class SideThread(Content):
    """`id` is the number of the message that began it, `address` the third party's."""

    NAME: ClassVar[str] = "side"

    id: int = 0
    address: str = ""
