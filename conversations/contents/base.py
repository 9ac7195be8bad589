"""How a kind of content stands in a message's JSON."""

from collections.abc import Mapping, Sequence
from dataclasses import MISSING, dataclass, fields
from typing import Any, ClassVar, Protocol, Self, TypeVar

# A name and an address, as mail fields have them; the name may be empty.
Mailbox = Sequence[str]


class HasData(Protocol):
    """A message, or whatever else carries such JSON."""

    data: Any


@dataclass(frozen=True, slots=True)
class JsonFields:
    """What is made of the keys of a JSON object, and becomes them again.

    What equals its default is left out of the JSON. A field whose name is a keyword of
    Python ends in an underscore, its key does not.
    """

    @classmethod
    def from_json(cls, found: Mapping[str, Any]) -> Self:
        """Keys that it does not know are left out, and so is what is null."""
        names = _names_of(cls)
        if names.keys().isdisjoint(found):
            return _empty(cls)
        known = {
            names[key]: value
            for key, value in found.items()
            if value is not None and key in names
        }
        return cls(**known)

    def as_json(self) -> dict[str, Any]:
        found = {}
        for one in fields(self):
            value = getattr(self, one.name)
            if value not in (_default_of(one), []):
                found[one.name.rstrip("_")] = value
        return found

    def as_data(self) -> dict[str, Any]:
        """As it goes into `Message.data`, beside whatever else is in there."""
        return self.as_json()


@dataclass(frozen=True, slots=True)
class Content(JsonFields):
    """A kind that stands under a key of its own, `NAME`."""

    NAME: ClassVar[str]

    @classmethod
    def of(cls, message: HasData) -> Self | None:
        """None where the message has nothing of the kind. Reads what is stored: no query."""
        return cls.in_data(message.data)

    @classmethod
    def in_data(cls, data: Mapping[str, Any]) -> Self | None:
        """The same of a message that is not written yet."""
        found = data.get(cls.NAME)
        return cls.from_json(found) if isinstance(found, dict) else None

    def as_data(self) -> dict[str, Any]:
        return {self.NAME: self.as_json()}


@dataclass(frozen=True, slots=True)
class LooseContent(JsonFields):
    """A kind whose fields stand beside all others: every message has it, if only empty."""

    @classmethod
    def of(cls, message: HasData) -> Self:
        return cls.from_json(message.data)


_Kind = TypeVar("_Kind", bound=JsonFields)
_NAMES: dict[type, dict[str, str]] = {}  # of each kind, by their keys: looked up once
_EMPTY: dict[type, Any] = {}  # most messages have hardly anything: one stands for all


def _empty(kind: type[_Kind]) -> _Kind:
    found: _Kind | None = _EMPTY.get(kind)
    if found is None:
        found = _EMPTY[kind] = kind()
    return found


def _names_of(kind: type[JsonFields]) -> dict[str, str]:
    found = _NAMES.get(kind)
    if found is None:
        found = _NAMES[kind] = {one.name.rstrip("_"): one.name for one in fields(kind)}
    return found


def _default_of(one: Any) -> Any:
    return one.default_factory() if one.default_factory is not MISSING else one.default
