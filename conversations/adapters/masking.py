"""Card numbers are cut out of an event before it is kept; ids are left alone."""

import json
import re
from typing import Any
from urllib.parse import parse_qsl, urlencode

from agentdesk.card_masking import holds_card, mask_cards
from conversations.adapters.failures import InvalidPayloadError
from conversations.adapters.raw import RawEvent

# No event nests: what is further in is nothing we know, and is not kept.
DEEPEST = 20
# Long numbers that are names of things at the provider, and may look like a card's.
_ID_KEY = re.compile(
    r"(?:^|[_-])(?:id|ids|mid|sid|key|token|nonce|hash|url|uri|timestamp|watermark)$"
    r"|(?:Id|Ids|Sid|Key|Token|Url|Uri|Hash|Timestamp)$",
)

_FORM = re.compile(rb"[\w.\[\]%-]+=[^\n]*\Z")

# Numbers that a provider vouches for: one of thirteen digits may look like a card's.
_ADDRESS_KEY = re.compile(r"from|to|phone")


def read_json(body: bytes) -> Any:
    """Raises InvalidPayloadError."""
    try:
        return json.loads(body)
    except (ValueError, RecursionError) as error:
        raise InvalidPayloadError(f"no JSON: {str(error)[:200]}") from error


def json_event(
    event_id: str, value: Any, *, account: object = "", is_message: bool = True
) -> RawEvent:
    """One event as it is kept."""
    body = json.dumps(masked(value), ensure_ascii=False).encode(errors="replace")
    return RawEvent(event_id, body, account=str(account or ""), is_message=is_message)


def masked_bytes(body: bytes) -> bytes:
    """A body that could not be taken apart, as it is kept; JSON and forms as they read."""
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        return _masked_form(body) or masked_text(body)
    covered = masked(value)
    if covered == value:
        return body
    return json.dumps(covered, ensure_ascii=False).encode(errors="replace")


def masked_text(body: bytes) -> bytes:
    text = body.decode("utf-8", "surrogateescape")
    return mask_cards(text).encode("utf-8", "surrogateescape")


def _masked_form(body: bytes) -> bytes:
    """Empty where it is none, or holds no card number."""
    if _FORM.match(body) is None:
        return b""
    pairs = parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True)
    covered = [(name, str(masked(value, name))) for name, value in pairs]
    return urlencode(covered).encode() if covered != pairs else b""


def masked(
    value: Any, key: str = "", depth: int = 0, *, with_addresses: bool = False
) -> Any:
    """`with_addresses`: what stands for a number somebody has dialled is looked at too."""
    if depth > DEEPEST:
        return None
    if isinstance(value, str):
        value = value.replace("\0", "")  # which no column holds
    further = depth + 1
    if isinstance(value, dict):
        return {
            _words(str(name)): masked(
                one, str(name), further, with_addresses=with_addresses
            )
            for name, one in value.items()
        }
    if isinstance(value, list):
        return [
            masked(one, key, further, with_addresses=with_addresses) for one in value
        ]
    if (not with_addresses and _is_address(key, value)) or _ID_KEY.search(key):
        return value
    if isinstance(value, float) and not value.is_integer():
        return value  # a place on the map, whose digits may look like a card's
    if isinstance(value, int | float):
        return _words(str(int(value))) if holds_card(str(int(value))) else value
    return _words(value) if isinstance(value, str) else value


def _is_address(key: str, value: Any) -> bool:
    """No telephone number has more than fifteen digits. Source: ITU-T E.164."""
    is_short = sum(letter.isdecimal() for letter in str(value)) <= 15
    return is_short and _ADDRESS_KEY.fullmatch(key) is not None


def _words(text: str) -> str:
    return mask_cards(text.replace("\0", ""))
