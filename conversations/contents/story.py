"""A story that a message speaks of: its address alone, for it may not be stored."""

from dataclasses import dataclass
from typing import ClassVar

from conversations.contents.base import Content


@dataclass(frozen=True, slots=True)
class StoryFacts(Content):
    """`is_reply`: the story is ours; else the customer has named us in theirs.

    `expires_at`: when the provider shows it no more, ISO 8601; empty where unknown.
    """

    NAME: ClassVar[str] = "story"

    url: str = ""
    is_reply: bool = False
    expires_at: str = ""
