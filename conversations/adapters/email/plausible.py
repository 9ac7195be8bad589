"""Whether a text is what somebody has written, or bytes that were something else."""

import re
from collections.abc import Iterator
from functools import cache
from itertools import islice

from conversations.adapters.email.jis import jis_character

_LOOKED_AT = 500  # characters that are no ASCII
# Written with their mark, as only half-width kana are.
_VOICED = re.compile("[ｶ-ﾄﾊ-ﾎ]ﾞ|[ﾊ-ﾎ]ﾟ|ｳﾞ")
_HALF_WIDTH = re.compile("[｡-ﾟ]")
_WRITTEN = re.compile(
    "[\u3000-\u30ff\uff01-\uff5e①-⑳㈱㈲～－…―‘’“”→←↑↓○●◎□■◇◆☆★△▲▽▼※♪♥]"
)
_KANJI = re.compile("[\u3400-\u9fff々〆\uf900-\ufaff]")
_JAPANESE = re.compile("[\u3041-\u3096\u30a1-\u30fa\u4e00-\u9fff]")
_LETTERS = re.compile("[A-Za-z]")


def oddness(text: str) -> float:
    """0: all of it is written every day; 1 and more: nobody writes so."""
    chars = list(islice(_beyond_ascii(text), _LOOKED_AT))
    if not chars:
        return 0
    odd = sum(map(_oddness_of, chars)) - len(_VOICED.findall(text[:20_000]))
    return max(odd, 0) / len(chars)


def is_mostly_japanese(text: str) -> bool:
    """Rather than an odd accent in the words of another language."""
    count = len(_JAPANESE.findall(text[:2_000]))
    return count > 1 and count * 2 >= len(_LETTERS.findall(text[:2_000]))


def _beyond_ascii(text: str) -> Iterator[str]:
    return (char for char in _VOICED.sub("が", text[:20_000]) if char > "\x7f")


@cache
def _oddness_of(char: str) -> float:
    if _HALF_WIDTH.match(char):
        return 1 if char in "､･" else 0.6  # every kana of EUC-JP begins with one
    if _KANJI.match(char):
        return 0 if char in _everyday() else 0.7
    if char == "\ufffd":
        return 3
    return 0 if _WRITTEN.match(char) else 1


@cache
def _everyday() -> frozenset[str]:
    """The kanji of the first level of JIS X 0208, and some of names and shops."""
    first_level = (
        jis_character(high, low)
        for high in range(0x30, 0x50)
        for low in range(0x21, 0x7F)
    )
    return frozenset(first_level) | set("々髙﨑濵邊邉齋齊籠彌禮瀨")
