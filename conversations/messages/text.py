"""Cleaning what people write, before it reaches the database."""

import unicodedata

from customers.people.text import stored_text

# Letters by their category, and yet nothing is seen of them: fillers of Hangul and Braille.
_UNSEEN_LETTERS = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
_UNSEEN = frozenset(["Cc", "Cf", "Zs", "Zl", "Zp"])
_SELECTORS = range(0xFE00, 0xFE10)


def prepare_body(text: str, limit: int) -> str:
    """`text` without hostile characters and card numbers, cut to `limit` characters."""
    return stored_text(text).strip("\n")[:limit]


def is_blank(text: str) -> bool:
    """Whether nothing can be seen of it: spaces, joiners, marks of direction, fillers."""
    return all(map(_is_unseen, text))


def _is_unseen(letter: str) -> bool:
    return (
        unicodedata.category(letter) in _UNSEEN
        or letter in _UNSEEN_LETTERS
        or ord(letter) in _SELECTORS
    )


def preview_of(body: str) -> str:
    """The first words of a message, on one line."""
    return " ".join(body.split())[:140]
