"""What a WhatsApp message carries besides its text."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from conversations.adapters.events import Media
from conversations.adapters.whatsapp import payloads
from conversations.choices import MessageContent as Is
from conversations.contents.card import Choice, ContactCards, Location, Order
from conversations.contents.circumstances import Flaws, Origin, Referral

_MEDIA = {
    "image": (Is.IMAGE, "image"),
    "video": (Is.VIDEO, "video"),
    "audio": (Is.AUDIO, "audio"),
    "voice": (Is.AUDIO, "audio"),
    "document": (Is.FILE, "document"),
    "sticker": (Is.STICKER, "sticker"),
}


@dataclass
class Contents:
    body: str = ""
    content: str = Is.TEXT
    media: list[Media] = field(default_factory=list)
    data: dict[str, Any] = field(default_factory=dict)


def contents_of(message: payloads.Message) -> Contents:
    """All it says; what WhatsApp itself does not show is UNSUPPORTED."""
    if message.type in _MEDIA:
        found = _media(message)
    else:
        found = _READ.get(message.type, _unsupported)(message)
    if message.referral is not None:
        found.data |= _referral(message.referral).as_data()
    if message.context is not None:
        found.data |= _context(message.context).as_data()
    return found


def _text(message: payloads.Message) -> Contents:
    if message.text is None or not message.text.body:
        return _unsupported(message)
    return Contents(message.text.body)


def _media(message: payloads.Message) -> Contents:
    file: payloads.Media | None = getattr(message, message.type)
    if file is None or not file.id:
        return _unsupported(message)
    content, kind = _MEDIA[message.type]
    content_type = file.mime_type.split(";")[0].strip()
    one = Media(kind, {"id": file.id}, name=file.filename, content_type=content_type)
    return Contents(file.caption, content, [one])


def _location(message: payloads.Message) -> Contents:
    place = message.location
    if place is None:
        return _unsupported(message)
    point = Location(place.name, place.address, place.latitude, place.longitude)
    return Contents(content=Is.LOCATION, data=point.as_data())


def _contacts(message: payloads.Message) -> Contents:
    cards = [
        {
            "name": card.name.formatted_name,
            "organisation": card.org.company,
            "phones": [one.phone or f"+{one.wa_id}" for one in card.phones],
            "emails": [one.email for one in card.emails],
        }
        for card in message.contacts
    ]
    return Contents(content=Is.CONTACT, data=ContactCards(cards).as_data())


def _interactive(message: payloads.Message) -> Contents:
    answer = message.interactive
    chosen = answer and (answer.button_reply or answer.list_reply)
    if chosen:
        choice = Choice(chosen.title, chosen.description, chosen.id)
        return Contents(chosen.title, Is.CHOICE, data=choice.as_data())
    if answer and answer.nfm_reply:
        return _form(answer.nfm_reply)
    return _unsupported(message)


def _form(reply: payloads.FormReply) -> Contents:
    """The answers of a form, a line each."""
    try:
        answers = json.loads(reply.response_json)
    except ValueError:
        answers = None
    if not isinstance(answers, dict):
        answers = {}
    lines = [
        f"{name}: {value}" for name, value in answers.items() if name != "flow_token"
    ]
    body = "\n".join([reply.body, *lines] if reply.body else lines)
    choice = Choice(label=reply.body, value=reply.name)
    return Contents(body, Is.CHOICE, data=choice.as_data())


def _button(message: payloads.Message) -> Contents:
    button = message.button or payloads.Button()
    choice = Choice(label=button.text, value=button.payload)
    return Contents(button.text, Is.CHOICE, data=choice.as_data())


def _order(message: payloads.Message) -> Contents:
    order = message.order or payloads.Order()
    lines = [
        {
            "product_id": one.product_retailer_id,
            "quantity": one.quantity,
            "price": one.item_price,
            "currency": one.currency,
        }
        for one in order.product_items
    ]
    return Contents(order.text, Is.ORDER, data=Order(lines).as_data())


def _unsupported(message: payloads.Message) -> Contents:
    """`unsupported` names what WhatsApp keeps to itself, `errors` says why."""
    inner = message.unsupported.type if message.unsupported else ""
    kind = message.interactive.type if message.interactive else message.type
    why = message.errors[0].title if message.errors else ""
    words = (inner, why) if inner or why else (kind,)
    shown = " ・ ".join(one for one in words if one)[:200]
    return Contents(content=Is.UNSUPPORTED, data=Flaws(kind=shown).as_data())


_READ: dict[str, Callable[[payloads.Message], Contents]] = {
    "text": _text,
    "location": _location,
    "contacts": _contacts,
    "interactive": _interactive,
    "button": _button,
    "order": _order,
}


def _referral(referral: payloads.Referral) -> Referral:
    return Referral(
        source=referral.source_type[:500],
        ad_id=referral.source_id[:500],
        url=referral.source_url[:500],
        title=(referral.headline or referral.body)[:500],
    )


def _context(context: payloads.Context) -> Origin:
    product = context.referred_product
    return Origin(
        forwarded=context.forwarded or context.frequently_forwarded,
        product_id=product.product_retailer_id if product is not None else "",
    )
