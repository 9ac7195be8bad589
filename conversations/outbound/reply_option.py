"""Where a customer can be answered in writing, and why not everywhere."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from conversations.adapters.base import Capabilities
from conversations.adapters.registry import ADAPTERS
from conversations.choices import ClosedReason
from conversations.contents.stated_address import StatedAddress
from conversations.models import Inbox, Message, Reach
from customers.models import Claim, Identity
from customers.people.text import display_phone


def _named(inbox: int | None, identity: int | None, claim: int | None = None) -> str:
    return f"{inbox or 0}:c{claim}" if claim else f"{inbox or 0}:{identity or 0}"


def option_value(message: Message) -> str:
    """The option by which a reply has gone."""
    claim = StatedAddress.of(message)
    number = claim.id if claim else None
    return _named(message.inbox_id, message.identity_id, number)


@dataclass(frozen=True)
class ReplyOption:
    """One inbox and one address of the customer. `closed` is a ClosedReason or empty.

    `claim` in place of an identity: the customer merely states that address (本人申告).

    `until` is when the window for replies closes, None without one. `is_late`: only a
    human agent's longer window is open.
    """

    inbox: Inbox
    identity: Identity | None
    reach: Reach | None
    closed: str = ""
    until: datetime | None = None
    is_late: bool = False
    needs_template: bool = False
    is_linked: bool = False  # with an account at the shop
    claim: Claim | None = None

    @property
    def value(self) -> str:
        """How a form names it."""
        identity = self.identity.pk if self.identity else None
        return _named(self.inbox.pk, identity, self.claim.pk if self.claim else None)

    @property
    def recipient_data(self) -> dict[str, Any]:
        """What a message keeps of an address that is no identity."""
        if self.claim is None:
            return {}
        claim = self.claim
        return StatedAddress(claim.pk, claim.kind, claim.value).as_data()

    @property
    def is_open(self) -> bool:
        return not self.closed

    @property
    def reason(self) -> str:
        return str(ClosedReason(self.closed).label) if self.closed else ""

    @property
    def capabilities(self) -> Capabilities:
        return ADAPTERS[self.inbox.channel].capabilities

    @property
    def address(self) -> str:
        """What tells two addresses of one channel apart on screen."""
        if self.claim is not None:
            return self._shown(str(self.claim.value))
        if self.identity is None:
            return ""
        name = self.reach.name if self.reach else ""
        if self.is_group:
            return name or _("Group")
        if name or not self.capabilities.can_begin:
            return name
        return self._shown(str(self.identity))

    def _shown(self, address: str) -> str:
        region = self.inbox.account.phone_region
        return display_phone(address, region) if address.startswith("+") else address

    @property
    def is_group(self) -> bool:
        """Several people read what is said there."""
        return self.reach is not None and "place" in self.reach.facts

    @property
    def can_link(self) -> bool:
        """Whether the customer can be asked there to link their account at the shop.

        One person, unlinked, on a channel that can and whose inbox knows the sign-in.
        """
        connection = getattr(self.inbox, "connection", None)
        return (
            self.capabilities.links_accounts
            and not self.is_group
            and not self.is_linked
            and connection is not None
            and bool(connection.settings.get("account_link_url"))
        )

    @property
    def free_until(self) -> datetime | None:
        """While a free reply can be had."""
        reach = self.reach
        return reach.reply_until if reach is not None and reach.has_free_reply else None

    @property
    def is_free(self) -> bool:
        """A free reply can be had at this moment."""
        return bool(self.free_until and self.free_until > timezone.now())

    @property
    def used(self) -> tuple[int | None, int | None]:
        """Messages of this month and how many there may be; None where unknown."""
        connection = getattr(self.inbox, "connection", None)
        return (
            (connection.quota_used, connection.quota_limit)
            if connection
            else (None, None)
        )


@dataclass(frozen=True)
class ReplyOptions:
    """`without` are inboxes whose channel knows no address of the customer."""

    options: list[ReplyOption]
    chosen: ReplyOption | None
    without: list[ReplyOption] = field(default_factory=list)

    @property
    def open(self) -> list[ReplyOption]:
        return [one for one in self.options if one.is_open]

    def find(self, value: str) -> ReplyOption | None:
        return next((one for one in self.options if one.value == value), None)
