"""How a message came about: where it was written, what it answers, what came with it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from conversations.contents.base import Content, LooseContent


@dataclass(frozen=True, slots=True)
class Quotation(LooseContent):
    """`quoted`: the provider's id of the message that it answers."""

    quoted: str = ""


@dataclass(frozen=True, slots=True)
class Origin(LooseContent):
    """`elsewhere`: a reply that was written in the provider's own inbox.

    `standby`: another system answers in this chat. `mentioned`: a group speaks to us by
    name. `product_id`: what it is about.
    """

    elsewhere: bool = False
    standby: bool = False
    forwarded: bool = False
    mentioned: bool = False
    product_id: str = ""


@dataclass(frozen=True, slots=True)
class Flaws(LooseContent):
    """`kind`: what the provider calls a part that cannot be shown here.

    `to_check`: why somebody should look at the message, a gettext id.
    """

    kind: str = ""
    to_check: str = ""


@dataclass(frozen=True, slots=True)
class MediaFacts(LooseContent):
    """`duration_ms`: of a recording or video. `image_set`: the `id` of pictures that were
    sent together, the `index` of this one from 1, and their `total`.
    """

    duration_ms: int | None = None
    image_set: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Referral(Content):
    """How the customer came: an advertisement, a link, a product."""

    NAME: ClassVar[str] = "referral"

    source: str = ""
    ref: str = ""
    ad_id: str = ""
    title: str = ""
    product_id: str = ""
    url: str = ""

    @property
    def words(self) -> str:
        """Which advertisement, link or product; empty where that is unknown."""
        names = (self.title, self.ref, self.product_id, self.ad_id, self.source)
        return str(next((one for one in names if one), ""))


@dataclass(frozen=True, slots=True)
class Automatic(LooseContent):
    """Written by a machine. `occasion`: of ours, whether it greets or says the hours."""

    automatic: bool = False
    occasion: str = ""
