"""Cutting a text that is too long for one message, where a reader would."""

import re
from collections.abc import Callable

# Behind what a piece may end, the best first: paragraph, line, sentence, word.
_ENDS = (r"\n\s*\n", r"\n", r"[。！？!?]+[」』）)]*|\.(?=\s)", r"[、，\s]")


def pieces(text: str, limit: int, length: Callable[[str], int] = len) -> list[str]:
    """`text` in pieces of at most `limit` by `length`; all of it but the space between."""
    kept = []
    rest = text.strip()
    while rest and length(rest) > limit:
        end = _end(rest[: _longest(rest, limit, length)])
        kept.append(rest[:end].rstrip())
        rest = rest[end:].lstrip()
    return [*kept, rest] if rest else kept


def _longest(text: str, limit: int, length: Callable[[str], int]) -> int:
    """How many characters fit, one at least."""
    low, high = 1, min(len(text), limit)
    while low < high:
        middle = (low + high + 1) // 2
        if length(text[:middle]) <= limit:
            low = middle
        else:
            high = middle - 1
    return low


def _end(head: str) -> int:
    """Behind the last good end in the second half of what fits, else all of it."""
    for pattern in _ENDS:
        ends = [match.end() for match in re.finditer(pattern, head)]
        if ends and ends[-1] > len(head) // 2:
            return ends[-1]
    return len(head)


def utf8_length(text: str) -> int:
    return len(text.encode())
