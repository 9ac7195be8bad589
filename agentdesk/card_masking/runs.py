"""Digits as a person reads them: in any script, with anything but letters between."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate

from agentdesk.card_masking.issuers import LENGTHS, SHORTEST, is_issued, luhn_values

# Format characters and marks that are laid over others: nothing is seen of them.
INVISIBLE = (
    "\u00ad\u0300-\u036f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f"
    "\u202a-\u202e\u2060-\u206f\u20d0-\u20f0\u3164\ufe00-\ufe0f\ufeff\uffa0"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
_ENCODED_GAP = r"%(?:20|2[DdEeFf]|3[Aa]|0[9AaDd]|C2%A0|E3%80%80)"
# `\W`, and the letters that Japanese writers put between digits as a dash.
_GAP = r"\W_ーｰのノ\u115f\u1160\u3164\uffa0"
_LOOSE = re.compile(r"\s|%(?:20|0|E3|C2)|^\+$")
_LISTING = re.compile(r"[,，、;；|｜/／:：]")
_LINE_END = re.compile(r"[\n\r\u2028\u2029]")
_SPACES = re.compile(r"\s+")
_KANJI = str.maketrans("〇零一二三四五六七八九", "00123456789")


def _digit_letters() -> str:
    """Whatever has the value of a digit: full-width, circled, mathematical, raised."""
    return "".join(
        letter
        for letter in map(chr, range(0x20000))
        if unicodedata.digit(letter, None) is not None
    )


_LETTERS = _digit_letters()
_VALUES = str.maketrans(
    _LETTERS, "".join(str(unicodedata.digit(letter)) for letter in _LETTERS)
)


@dataclass(frozen=True)
class _Script:
    """How rows of digits are found; a row has as many as the shortest card number."""

    digit: str
    values: dict[int, int]
    dashes: str = ""  # letters that are digits in another script

    @property
    def row(self) -> str:
        gap = f"(?:{_ENCODED_GAP}|[{_GAP}{self.dashes}])*+"
        return f"{self.digit}(?:{gap}{self.digit}){{{SHORTEST - 1},}}+"

    @property
    def part(self) -> str:
        invisible = f"[{INVISIBLE}]*+"
        group = f"{self.digit}(?:{invisible}{self.digit})*+"
        return f"{_ENCODED_GAP}|({group})"


_DIGITS = _Script(f"[{re.escape(_LETTERS)}]", _VALUES, dashes="一")
_NUMERALS = _Script("[〇零一二三四五六七八九]", _KANJI)
_SCRIPTS = [
    (re.compile(one.row), re.compile(one.part), re.compile(one.digit), one.values)
    for one in (_DIGITS, _NUMERALS)
]
# What no card number is without: a cheap first look at many texts.
CARD_LIKE = re.compile(f"{_DIGITS.row}|{_NUMERALS.row}")
_INVISIBLE = re.compile(f"[{INVISIBLE}]+")


@dataclass(frozen=True)
class Gap:
    """What stands between two groups."""

    text: str

    @property
    def is_loose(self) -> bool:
        """A space or a line end, and whatever stands beside it."""
        return _LOOSE.search(self.text) is not None

    @property
    def strength(self) -> int:
        """How far it sets two numbers apart: a dash, a space, a comma, a line end."""
        if "\n" in self.text:
            return 3
        if _LISTING.search(self.text):
            return 2
        return 1 if self.is_loose else 0


class Row:
    """Groups of digits that nothing visible stands within, and the gaps between them.

    With sums over the digits, for a mail may be a megabyte of them.
    """

    def __init__(
        self,
        text: str,
        spans: list[tuple[int, int]],
        digits: list[str],
        digit: re.Pattern[str],
    ) -> None:
        self.text, self.spans, self._digit = text, spans, digit
        self._digits = "".join(digits)
        self.starts = list(accumulate(map(len, digits), initial=0))
        self._group_at = {at: index for index, at in enumerate(self.starts)}
        even, odd = luhn_values(self._digits)
        self._sums = (
            list(accumulate(even, initial=0)),
            list(accumulate(odd, initial=0)),
        )

    def __len__(self) -> int:
        return len(self.spans)

    def digits(self, index: int) -> str:
        return self._digits[self.starts[index] : self.starts[index + 1]]

    def length(self, index: int) -> int:
        return self.starts[index + 1] - self.starts[index]

    def lengths(self, first: int, after: int) -> list[int]:
        return [self.length(index) for index in range(first, after)]

    def lengths_by_signs(self, first: int, after: int) -> list[int]:
        """Also invisible signs and tags divide the digits here."""
        return [
            len(part)
            for start, end in self.spans[first:after]
            for part in _INVISIBLE.split(self.text[start:end])
            if part
        ]

    def gap_before(self, index: int) -> Gap:
        between = self.text[self.spans[index - 1][1] : self.spans[index][0]]
        return Gap(_collapsed(_INVISIBLE.sub("", between)))

    def number(self, first: int, after: int) -> str:
        return self._digits[self.starts[first] : self.starts[after]]

    def card_ends(self, first: int) -> Iterator[int]:
        """Where a number that begins with this group is a card's; the longest first."""
        start, digits = self.starts[first], self._digits
        for length in LENGTHS.get(digits[start : start + 2], ()):
            end = start + length
            sums = self._sums[(end - 1) % 2]
            after = self._group_at.get(end)
            if after is None or (sums[end] - sums[start]) % 10:
                continue
            if is_issued(digits[start:end]):
                yield after

    def is_card(self, first: int, after: int) -> bool:
        """Whether the digits of these groups are such a number, wherever they stand."""
        if first < 0 or after > len(self.spans):
            return False
        start, end = self.starts[first], self.starts[after]
        sums = self._sums[(end - 1) % 2]
        is_right = (sums[end] - sums[start]) % 10 == 0
        return is_right and is_issued(self.number(first, after))

    def places(self, first: int, after: int) -> list[int]:
        """Where in the text each digit of the number stands."""
        return [
            found.start()
            for start, end in self.spans[first:after]
            for found in self._digit.finditer(self.text, start, end)
        ]


def _collapsed(gap: str) -> str:
    """One space for any spaces, and a line end for all that holds one."""
    if _LINE_END.search(gap):
        return "\n" + "".join(gap.split())
    return _SPACES.sub(" ", gap)


def rows_of(text: str) -> Iterator[Row]:
    for row, part, digit, values in _SCRIPTS:
        for found in row.finditer(text):
            start, end = found.span()
            spans = [one.span(1) for one in part.finditer(text, start, end) if one[1]]
            plain = found[0].translate(values)
            digits = [plain[at - start : to - start] for at, to in spans]
            if not plain.isascii():
                digits = [_INVISIBLE.sub("", one) for one in digits]
            yield Row(text, spans, digits, digit)
