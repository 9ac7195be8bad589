"""What an agent writes of a call, in the four lines that a call centre writes of each."""

from dataclasses import dataclass, fields
from typing import ClassVar

from conversations.contents.base import Content


@dataclass(frozen=True, slots=True)
class CallLines(Content):
    """用件, 経緯, 回答, 次対応. A note from before has a text alone."""

    NAME: ClassVar[str] = "lines"

    request: str = ""
    course: str = ""
    answer: str = ""
    next_: str = ""

    @classmethod
    def names(cls) -> list[str]:
        """Their keys, as they stand in the JSON and in forms."""
        return [one.name.rstrip("_") for one in fields(cls)]

    @property
    def written(self) -> dict[str, str]:
        """Those with anything in them, in their order."""
        return {key: text for key, text in self.as_json().items() if text.strip()}

    @property
    def heading(self) -> str:
        """What stands for the whole in a list: what the customer wanted, else the next."""
        return next(iter(self.written.values()), "")

    @property
    def text(self) -> str:
        """All of them as one text, for whoever searches or reads the body alone."""
        return "\n".join(self.written.values())
