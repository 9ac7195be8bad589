"""The words an account wants to hear of before they are sent."""

import re
import unicodedata
from collections.abc import Iterable, Iterator

from conversations.replies.checks.folding import Folded

_ARROW = re.compile(r"\s*(?:→|=>|⇒)\s*")


def word_lines(text: str) -> list[str]:
    """One line an entry: a word, or `word → better word`. No empty ones, none twice."""
    lines = (" ".join(line.split()) for line in text.split("\n"))
    return list(dict.fromkeys(line for line in lines if _word(line)))


def listed_places(
    folded: Folded, lines: Iterable[str]
) -> Iterator[tuple[int, int, str]]:
    """Where a listed word stands, and the better word (empty where none is listed)."""
    for line in lines:
        word = _word(line)
        if not word or not all(map(folded.holds, word.split())):
            continue
        better = _ARROW.split(line, maxsplit=1)[1:]
        for start, end in folded.places(_pattern(word)):
            yield start, end, better[0].strip() if better else ""


def _word(line: str) -> str:
    word = _ARROW.split(line, maxsplit=1)[0]
    return unicodedata.normalize("NFKC", word).lower().strip()


def _pattern(word: str) -> re.Pattern[str]:
    """Latin words stand alone: `sale` is not in `salesman`."""
    before = r"(?<![0-9a-z])" if word[0].isascii() and word[0].isalnum() else ""
    after = r"(?![0-9a-z])" if word[-1].isascii() and word[-1].isalnum() else ""
    middle = r"\s*".join(re.escape(part) for part in word.split())
    return re.compile(before + middle + after)
