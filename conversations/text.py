"""Cleaning what people write, before it reaches the database."""

import re
import unicodedata

from customers.text import clean_text

# 13 to 19 digits, any width, with at most one space or dash between two of them.
_CARD = re.compile(r"(?<!\d)\d(?:[ \u3000\-‐‑‒–—―−ー－・.]?\d){12,18}(?!\d)")


def prepare_body(text: str, limit: int) -> str:
    """`text` without hostile characters and card numbers, cut to `limit` characters."""
    return mask_cards(clean_text(text).strip("\n"))[:limit]


def mask_cards(text: str) -> str:
    """Card numbers (Luhn) as •••• and their last four digits; all else unchanged."""
    return _CARD.sub(_masked, text)


def _masked(match: re.Match[str]) -> str:
    digits = [unicodedata.digit(letter) for letter in match[0] if letter.isdigit()]
    if not _passes_luhn(digits):
        return match[0]
    return "•••• •••• •••• " + "".join(str(digit) for digit in digits[-4:])


def _passes_luhn(digits: list[int]) -> bool:
    total = 0
    for position, digit in enumerate(reversed(digits)):
        doubled = digit * 2 if position % 2 else digit
        total += doubled - 9 if doubled > 9 else doubled
    return total % 10 == 0 and len(set(digits)) > 1


def preview_of(body: str) -> str:
    """The first words of a message, on one line."""
    return " ".join(body.split())[:140]
