"""A provider's event as an admin may read it: laid out, shortened, secrets covered."""

import json
import re
from typing import Any
from urllib.parse import parse_qsl

from agentdesk.card_masking import mask_cards

LONGEST_TEXT = 400  # characters of one value
LONGEST_BODY = 20_000
_MARGIN = 500  # a number or a name that goes on beyond what is shown
_COVER = "••••••"
_SECRET_KEY = re.compile(
    r"secret|token|password|passwd|authori[sz]ation|signature|api_?key|credential"
    r"|cookie|nonce",
    re.IGNORECASE,
)
_BEARER = re.compile(r"(?i)\b(bearer|basic)\s+[A-Za-z0-9._~+/=-]{8,}")
_IN_TEXT = re.compile(
    rf"(?i)((?<![\w-])[\w-]*?(?:{_SECRET_KEY.pattern})[\w-]*+[\"']?\s*[:=]\s*[\"']?)"
    r"[^\s\"'&;,}]+"
)


def readable_body(body: bytes) -> str:
    """JSON indented, a form a line each, all else as text; always masked."""
    text = body.decode("utf-8", errors="replace")
    try:
        laid_out = json.dumps(_masked(json.loads(text)), ensure_ascii=False, indent=2)
    except (ValueError, RecursionError):
        return _shortened(_form_or_text(text), LONGEST_BODY)
    return _shortened(laid_out, LONGEST_BODY)


def _form_or_text(text: str) -> str:
    pairs = parse_qsl(text) if _is_form(text) else []
    if not pairs:
        return _words(text, limit=LONGEST_BODY)
    return "\n".join(f"{key}: {_masked(value, key)}" for key, value in pairs)


def _is_form(text: str) -> bool:
    return "\n" not in text.strip() and re.match(r"[\w.\[\]%-]+=", text) is not None


def _masked(value: Any, key: str = "") -> Any:
    if isinstance(value, dict):
        return {_words(str(k)): _masked(one, str(k)) for k, one in value.items()}
    if isinstance(value, list):
        return [_masked(one, key) for one in value]
    if isinstance(value, bool) or value is None:
        return value
    if _SECRET_KEY.search(key):
        return _COVER
    if isinstance(value, int | float):
        covered = mask_cards(str(value))
        return value if covered == str(value) else covered
    return _words(str(value))


def _words(text: str, *, limit: int = LONGEST_TEXT) -> str:
    masked = mask_cards(text[: limit + _MARGIN])
    masked = _IN_TEXT.sub(rf"\1{_COVER}", _BEARER.sub(rf"\1 {_COVER}", masked))
    left = len(text) - limit
    return f"{masked[:limit]}… (+{left})" if left > 0 else masked


def _shortened(text: str, limit: int) -> str:
    return text if len(text) <= limit else f"{text[:limit]}… (+{len(text) - limit})"
