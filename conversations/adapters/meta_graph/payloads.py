"""Events of the Messenger Platform, which carries Messenger and Instagram alike.

Source: Messenger Platform, "Webhook events"; Instagram Messaging, "Webhooks".
"""

from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from conversations.adapters.payload import Payload


def _as_text(value: Any) -> Any:
    return str(value) if isinstance(value, int) else value


Id = Annotated[str, BeforeValidator(_as_text)]  # numbers here, texts there


class Party(Payload):
    id: Id = ""


class Story(Payload):
    id: Id = ""
    url: str = ""


class ReplyTo(Payload):
    mid: str = ""
    story: Story | None = None


class Coordinates(Payload):
    lat: float | None = None
    long: float | None = None


class Element(Payload):
    title: str = ""


class Product(Payload):
    elements: list[Element] = Field(default_factory=list)


class AttachmentPayload(Payload):
    url: str | None = None
    title: str | None = None
    sticker_id: Id | None = None
    coordinates: Coordinates | None = None
    text: str | None = None
    product: Product = Product()  # of the page's shop, that a customer shares


class Attachment(Payload):
    type: str = ""
    payload: AttachmentPayload | None = None
    title: str | None = None
    url: str | None = None
    URL: str | None = None  # so spelled on a link somebody shared


class QuickReply(Payload):
    payload: str = ""


class Referral(Payload):
    ref: str = ""
    source: str = ""
    type: str = ""
    ad_id: Id = ""
    referer_uri: str = ""
    ads_context_data: dict[str, Any] = Field(default_factory=dict)
    product: dict[str, Any] = Field(default_factory=dict)


class Message(Payload):
    mid: str = ""
    text: str | None = None
    attachments: list[Attachment] = Field(default_factory=list)
    quick_reply: QuickReply | None = None
    reply_to: ReplyTo | None = None
    referral: Referral | None = None
    is_echo: bool = False
    is_deleted: bool = False
    is_unsupported: bool = False
    app_id: Id = ""
    metadata: str = ""


class MessageEdit(Payload):
    mid: str
    text: str | None = None


class Reaction(Payload):
    mid: str
    action: str = "react"
    emoji: str = ""


class Postback(Payload):
    mid: str = ""
    title: str = ""
    payload: str = ""
    referral: Referral | None = None


class Read(Payload):
    mid: str = ""
    watermark: int = 0


class Delivery(Payload):
    mids: list[str] = Field(default_factory=list)
    watermark: int = 0


class Optin(Payload):
    type: str = ""
    title: str = ""
    notification_messages_status: str = ""


class PolicyEnforcement(Payload):
    action: str = ""
    reason: str = ""


class Event(Payload):
    """One item of `messaging` or `standby`."""

    sender: Party = Party()
    recipient: Party = Party()
    timestamp: int = 0  # milliseconds
    message: Message | None = None
    message_edit: MessageEdit | None = None
    reaction: Reaction | None = None
    postback: Postback | None = None
    referral: Referral | None = None
    read: Read | None = None
    delivery: Delivery | None = None
    optin: Optin | None = None
    policy_enforcement: PolicyEnforcement | None = Field(
        default=None, alias="policy-enforcement"
    )


class StoredEvent(Payload):
    """One raw event as we keep it: the item, and what stood around it."""

    entry_id: Id = ""
    is_standby: bool = False
    field: str = ""  # of a change, which is no message
    event: Event | None = None
