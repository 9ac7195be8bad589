"""What is shown as a card in place of a bubble: places, stickers, contacts, orders."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from conversations.contents.base import Content, LooseContent


@dataclass(frozen=True, slots=True)
class Location(Content):
    """A place, in degrees (WGS 84)."""

    NAME: ClassVar[str] = "location"

    title: str = ""
    address: str = ""
    latitude: float | None = None
    longitude: float | None = None


@dataclass(frozen=True, slots=True)
class Sticker(Content):
    """Its picture is an attachment. `keywords`: what the provider says it means."""

    NAME: ClassVar[str] = "sticker"

    text: str = ""
    keywords: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Choice(Content):
    """A button or an entry of a list that the customer has pressed.

    `value` is what stands behind it, never shown.
    """

    NAME: ClassVar[str] = "choice"

    label: str = ""
    description: str = ""
    value: str = ""


@dataclass(frozen=True, slots=True)
class Share(Content):
    """A post that was passed on, by its address."""

    NAME: ClassVar[str] = "share"

    url: str = ""
    title: str = ""


@dataclass(frozen=True, slots=True)
class Order(Content):
    """A basket out of the provider's own catalogue.

    A line has `product_id`, `name`, `quantity`, `price` (in `currency`, ISO 4217).
    """

    NAME: ClassVar[str] = "order"

    lines: Sequence[Mapping[str, Any]] = ()


@dataclass(frozen=True, slots=True)
class ContactCards(LooseContent):
    """People whom the customer has passed on.

    A card has `name`, `organisation`, `phones` and `emails`.
    """

    contacts: Sequence[Mapping[str, Any]] = ()
