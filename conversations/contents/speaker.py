"""Who speaks in a group: the sender of the message is the group itself."""

from dataclasses import dataclass
from typing import Any, ClassVar

from conversations.contents.base import Content


@dataclass(frozen=True, slots=True)
class Speaker(Content):
    """`id` is the provider's; `name` stays empty until the provider was asked for it."""

    NAME: ClassVar[str] = "speaker"

    id: str = ""
    name: str = ""

    def as_json(self) -> dict[str, Any]:
        """With both: those without a name are looked for by its being empty."""
        return {"id": self.id, "name": self.name}
