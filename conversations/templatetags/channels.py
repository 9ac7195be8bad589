"""How the desk writes channels, contents and deliveries."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django import template
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from conversations.adapters.registry import ADAPTERS
from conversations.choices import FailureCode, MessageContent, ThreadEvent
from conversations.contents.circumstances import Flaws, Origin, Referral
from conversations.contents.speaker import Speaker
from conversations.contents.stated_address import StatedAddress
from conversations.models import Message
from conversations.outbound.reply_option import ReplyOption

register = template.Library()


@register.filter
def channel_icon(channel: str) -> str:
    """Of a channel that is no longer there, messages may still be."""
    adapter = ADAPTERS.get(channel)
    return adapter.about.icon if adapter else "message-square"


@register.filter
def failure_label(code: str) -> str:
    """A FailureCode in the reader's language; an unknown one as it is."""
    return str(FailureCode(code).label) if code in FailureCode.values else code


@register.filter
def web_address(value: object) -> str:
    """A provider's link, if it is one that may be followed."""
    address = str(value or "")
    return address if address.startswith(("https://", "http://")) else ""


@register.filter
def speaker_name(data: Mapping[str, Any]) -> str:
    """Who speaks in a group; empty for the customer themselves."""
    speaker = Speaker.in_data(data)
    return str(speaker.name or _("Somebody")) if speaker is not None else ""


@register.filter
def rows(value: object) -> list[dict[str, Any]]:
    """A list of a provider's objects, whatever else may stand there."""
    found = value if isinstance(value, list) else []
    return [one for one in found if isinstance(one, dict)]


@register.filter
def texts(value: object) -> list[str]:
    found = value if isinstance(value, list) else []
    return [one for one in found if isinstance(one, str)]


@register.filter
def check_words(reason: object) -> str:
    """Why somebody should look: an adapter's gettext id."""
    return _(reason) if isinstance(reason, str) and reason else ""


@dataclass(frozen=True)
class Circumstance:
    icon: str
    words: str
    url: str = ""


@register.filter
def circumstances(message: Message) -> list[Circumstance]:
    """What goes with a message besides its words: where it came from, who else answers."""
    origin, referral, found = Origin.of(message), Referral.of(message), []
    if origin.standby:
        words = _("Another system answers in this chat")
        found.append(Circumstance("bot", words))
    if origin.forwarded:
        found.append(Circumstance("forward", _("Forwarded")))
    if origin.product_id:
        words = _("About the product %(product)s") % {"product": origin.product_id}
        found.append(Circumstance("shopping-cart", words))
    if referral is not None and referral.words:
        words = f"{ThreadEvent.REFERRED.label}: {referral.words}"
        found.append(Circumstance("megaphone", words, web_address(referral.url)))
    kind = Flaws.of(message).kind
    if kind and message.content != MessageContent.UNSUPPORTED:
        words = _("A part of it cannot be shown here: %(kind)s") % {"kind": kind}
        found.append(Circumstance("eye-off", words))
    return found


@register.filter
def place_point(data: Any) -> str:
    """Latitude and longitude of a location, where both are numbers on earth."""
    try:
        latitude, longitude = float(data["latitude"]), float(data["longitude"])
    except (KeyError, TypeError, ValueError):
        return ""
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        return ""
    return f"{latitude:.6f},{longitude:.6f}"


@register.filter
def google_map(point: str) -> str:
    return (
        f"https://www.google.com/maps/search/?{urlencode({'api': 1, 'query': point})}"
    )


@register.filter
def open_map(point: str) -> str:
    latitude, _comma, longitude = point.partition(",")
    query = urlencode({"mlat": latitude, "mlon": longitude})
    return f"https://www.openstreetmap.org/?{query}#map=17/{latitude}/{longitude}"


@register.filter
def seconds_left(moment: datetime) -> int:
    return max(0, int((moment - timezone.now()).total_seconds()))


@register.filter
def grouped(number: int) -> str:
    """1,000, in either language."""
    return f"{number:,}"


@register.filter
def as_json(value: Mapping[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False)


@register.filter
def media_limits(option: ReplyOption | None) -> str:
    """What the channel takes, for the composer to know before anything is sent up."""
    if option is None:
        return "{}"
    can = option.capabilities
    kinds = [
        {"types": sorted(one.types), "bytes": one.max_bytes}
        for one in can.media.values()
    ]
    limits = {
        "carries": can.carries_files,
        "count": can.max_files,
        "bytes": settings.FILE_UPLOAD_MAX_BYTES,
        "kinds": kinds,
    }
    return json.dumps(limits)


@register.filter
def has_log(message: Message) -> bool:
    """Whether requests to a provider stand behind this reply."""
    has_recipient = bool(message.identity_id) or bool(StatedAddress.of(message))
    return has_recipient and not Origin.of(message).elsewhere


@register.filter
def extras_of(option: ReplyOption | None) -> list[str]:
    """Fragments that the composer needs for it, beside the text."""
    if option is None:
        return []
    names = []
    if option.capabilities.has_subject:
        names.append("replies/_composer_email.jinja")
    if option.needs_template:
        names.append("replies/_composer_template.jinja")
    return names
