"""Cutting a long text where a channel carries only so much of it at once."""

import re
import unicodedata
from collections.abc import Callable

# Where a reader pauses, the best place first.
_PAUSES = (
    re.compile(r"\n{2,}"),
    re.compile(r"\n"),
    re.compile(r"(?<=[。．！？!?])\s*|(?<=\.)\s+"),
    re.compile(r"\s+|(?<=、)"),
)
_JOINER = "\u200d"
_SKIN_TONES = range(0x1F3FB, 0x1F400)
_FLAG_LETTERS = range(0x1F1E6, 0x1F200)


def utf16_length(text: str) -> int:
    """As JavaScript counts: a letter outside the basic plane is two."""
    return len(text) + sum(letter > "\uffff" for letter in text)


def utf8_length(text: str) -> int:
    return len(text.encode())


def pieces(text: str, limit: int, length: Callable[[str], int] = len) -> list[str]:
    """`text` in pieces of at most `limit` by `length`, cut at a pause if there is one.

    What a reader sees as one letter stays whole: emoji joined by ZWJ, skin tones, flags,
    combining marks. Pieces of nothing but space are left out.
    """
    found = []
    while length(text) > limit:
        end = _end_of_piece(text, _longest(text, limit, length))
        found.append(text[:end].rstrip())
        text = text[end:].lstrip("\n")
    found.append(text)
    return [piece for piece in found if piece.strip()]


def _longest(text: str, limit: int, length: Callable[[str], int]) -> int:
    """How many letters fit, one at least."""
    low, high = 1, min(len(text), limit)
    while low < high:
        middle = (low + high + 1) // 2
        if length(text[:middle]) <= limit:
            low = middle
        else:
            high = middle - 1
    return low


def _end_of_piece(text: str, most: int) -> int:
    """The last pause in the second half of what fits, else the last whole letter."""
    for pause in _PAUSES:
        ends = [one.end() for one in pause.finditer(text, most // 2, most)]
        if ends and ends[-1] > 0:
            return ends[-1]
    end = most
    while end > 1 and _is_inside(text, end):
        end -= 1
    return end if end > 1 else most


def _is_inside(text: str, end: int) -> bool:
    """Whether a cut before `end` would part one visible letter."""
    before, after = text[end - 1], text[end]
    if _JOINER in (before, after) or ord(after) in _SKIN_TONES:
        return True
    if unicodedata.category(after) in {"Mn", "Mc", "Me"}:
        return True
    if ord(after) not in _FLAG_LETTERS:
        return False
    start = end
    while start > 0 and ord(text[start - 1]) in _FLAG_LETTERS:
        start -= 1
    return (end - start) % 2 == 1
