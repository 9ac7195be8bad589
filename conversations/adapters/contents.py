"""What stands in the `data` of a message that is more than its text.

Adapters write these, the thread's templates read them; every key may be missing.
"""

from typing import TypedDict


class Location(TypedDict, total=False):
    title: str
    address: str
    latitude: float
    longitude: float


class Sticker(TypedDict, total=False):
    """`text` is what is written on it, `keywords` what it means."""

    text: str
    keywords: list[str]


class ContactCard(TypedDict, total=False):
    name: str
    organisation: str
    phones: list[str]
    emails: list[str]


class Story(TypedDict, total=False):
    """Shown from the provider's address, never kept. `is_reply`: to a story of ours."""

    url: str
    is_reply: bool
    expires_at: str  # ISO


class Share(TypedDict, total=False):
    url: str
    title: str


class Choice(TypedDict, total=False):
    """A button or a row of a list that the customer chose; `value` is for machines."""

    label: str
    description: str
    value: str


class OrderItem(TypedDict, total=False):
    name: str
    product_id: str
    quantity: int
    price: str
    currency: str


class Order(TypedDict, total=False):
    lines: list[OrderItem]


class Speaker(TypedDict, total=False):
    name: str
    id: str


class Contents(TypedDict, total=False):
    """One key for each kind, and what any message may carry besides.

    `to_check` is a gettext id: why somebody should look.
    """

    location: Location
    sticker: Sticker
    contacts: list[ContactCard]
    story: Story
    share: Share
    choice: Choice
    order: Order
    speaker: Speaker  # of a group
    to_check: str
