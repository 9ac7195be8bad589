"""Words as people type them, made safe to keep. Originals are otherwise unchanged."""

import re

from agentdesk.card_masking import mask_cards, mask_cards_in_html

# Never part of anyone's words: they break databases, terminals or the reading order.
_UNWANTED = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069\ufeff]"
)


def number_in(text: str) -> int | None:
    """The whole number that `text` is, where it fits the database; else None."""
    return int(text) if text.isdecimal() and len(text) < 19 else None


def clean_text(text: str) -> str:
    """`text` without NUL, control characters, lone surrogates and bidi overrides."""
    text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return _UNWANTED.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def stored_text(text: str) -> str:
    """`text` as it may be kept: clean, and without card numbers."""
    return mask_cards(clean_text(text))


def storable_html(html: str) -> str:
    """`html` as it may be stored: clean, and without card numbers as it is read."""
    return mask_cards_in_html(clean_text(html))
