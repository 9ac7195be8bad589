"""What the WhatsApp Cloud API posts, one message, status or change at a time.

Source: WhatsApp Business Platform, "Webhooks", and "Business-scoped user IDs".
"""

from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from conversations.adapters.payload import Payload


def _as_text(value: Any) -> Any:
    return str(value) if isinstance(value, int | float) else value


Text = Annotated[str, BeforeValidator(_as_text)]


class Metadata(Payload):
    phone_number_id: Text = ""


class Profile(Payload):
    name: str = ""
    username: str = ""


class Contact(Payload):
    """Who writes. `user_id` is the BSUID; `wa_id` is missing where no number is told."""

    profile: Profile = Profile()
    wa_id: Text = ""
    user_id: str = ""


class Media(Payload):
    id: Text = ""
    mime_type: str = ""
    caption: str = ""
    filename: str = ""
    voice: bool = False


class TextBody(Payload):
    body: str = ""


class Location(Payload):
    latitude: float | None = None
    longitude: float | None = None
    name: str = ""
    address: str = ""


class CardName(Payload):
    formatted_name: str = ""


class CardPhone(Payload):
    phone: Text = ""
    wa_id: Text = ""


class CardEmail(Payload):
    email: str = ""


class CardOrganisation(Payload):
    company: str = ""


class Card(Payload):
    name: CardName = CardName()
    phones: list[CardPhone] = Field(default_factory=list)
    emails: list[CardEmail] = Field(default_factory=list)
    org: CardOrganisation = CardOrganisation()


class Chosen(Payload):
    id: Text = ""
    title: str = ""
    description: str = ""


class FormReply(Payload):
    name: str = ""
    body: str = ""
    response_json: str = ""


class Interactive(Payload):
    type: str = ""
    button_reply: Chosen | None = None
    list_reply: Chosen | None = None
    nfm_reply: FormReply | None = None


class Button(Payload):
    text: str = ""
    payload: Text = ""


class ProductItem(Payload):
    product_retailer_id: Text = ""
    quantity: int = 1
    item_price: Text = ""
    currency: str = ""


class Order(Payload):
    text: str = ""
    product_items: list[ProductItem] = Field(default_factory=list)


class Reaction(Payload):
    message_id: str
    emoji: str = ""


class System(Payload):
    """`wa_id` and `user_id` are the new ones."""

    type: str = ""
    body: str = ""
    wa_id: Text = ""
    new_wa_id: Text = ""
    user_id: str = ""
    previous_user_id: str = ""


class Problem(Payload):
    code: int = 0
    title: str = ""
    message: str = ""
    error_data: dict[str, Any] = Field(default_factory=dict)


class Referral(Payload):
    source_type: str = ""
    source_id: Text = ""
    source_url: str = ""
    headline: str = ""
    body: str = ""


class ReferredProduct(Payload):
    product_retailer_id: Text = ""


class Context(Payload):
    id: str = ""
    forwarded: bool = False
    frequently_forwarded: bool = False
    referred_product: ReferredProduct | None = None


class Revoke(Payload):
    original_message_id: str


class Edit(Payload):
    original_message_id: str
    message: "Message | None" = None


class Unsupported(Payload):
    """What WhatsApp itself calls a message that it does not pass on."""

    type: str = ""


class Message(Payload):
    """`sender` is a number without plus; `to` stands on what our own side wrote."""

    id: str = ""
    type: str = ""
    timestamp: int = 0  # seconds
    sender: Text = Field(default="", alias="from")
    from_user_id: str = ""
    to: Text = ""
    to_user_id: str = ""
    group_id: str = ""
    context: Context | None = None
    referral: Referral | None = None
    text: TextBody | None = None
    image: Media | None = None
    video: Media | None = None
    audio: Media | None = None
    voice: Media | None = None
    document: Media | None = None
    sticker: Media | None = None
    location: Location | None = None
    contacts: list[Card] = Field(default_factory=list)
    interactive: Interactive | None = None
    button: Button | None = None
    order: Order | None = None
    reaction: Reaction | None = None
    system: System | None = None
    revoke: Revoke | None = None
    edit: Edit | None = None
    unsupported: Unsupported | None = None
    errors: list[Problem] = Field(default_factory=list)


class Status(Payload):
    id: str
    status: str
    timestamp: int = 0
    biz_opaque_callback_data: str = ""
    errors: list[Problem] = Field(default_factory=list)


class Preference(Payload):
    wa_id: Text = ""
    user_id: str = ""
    category: str = ""
    value: str = ""
    timestamp: int = 0


class StoredEvent(Payload):
    """One raw event as we keep it; one of the things below `contact` is set."""

    entry_id: Text = ""
    field: str = ""
    metadata: Metadata = Metadata()
    contact: Contact | None = None
    message: Message | None = None
    echo: Message | None = None
    status: Status | None = None
    preference: Preference | None = None
    problem: Problem | None = None
    value: dict[str, Any] | None = None  # a change that is about the account
