"""Cutting card numbers out of what people write, before it is kept anywhere."""

import re
import unicodedata
from itertools import accumulate

# One of these between two digits, as people set a number apart.
_GAP = r"[ \t\u00a0\u2007\u2009\u202f\u3000\-‐‑‒–—―−ー－・.．_]"
# Up to three of these, or what a page's address makes of a space.
_WIDE_GAP = (
    r"(?:[\s\-‐‑‒–—―−ー－・.．_,，、/／|*\u00ad\u200b-\u200d\u2060\ufe0f\u20e3]{1,3}"
    r"|%20|\+)"
)
# What no card number is without: a cheap first look at many texts.
CARD_LIKE = re.compile(rf"\d(?:{_WIDE_GAP}?\d){{12,}}")
_PLAIN_RUN = re.compile(rf"\d(?:{_GAP}?\d){{12,18}}")
_GROUP = re.compile(r"%20|(\d+)")
_SHORTEST, _LONGEST = 13, 19
_VALUES = bytes.maketrans(b"0123456789", bytes(range(10)))
_DOUBLED = bytes.maketrans(bytes(range(10)), bytes((0, 2, 4, 6, 8, 1, 3, 5, 7, 9)))
_FIRST_DIGITS = frozenset("234568")  # of the networks below
# What the networks issue: first digits, and how many there are in all.
_ISSUED = re.compile(
    r"4(?:\d{12}|\d{15}|\d{18})"  # Visa
    r"|5[1-5]\d{14}|2(?:22[1-9]|2[3-9]\d|[3-6]\d\d|7[01]\d|720)\d{12}"  # Mastercard
    r"|3[47]\d{13}"  # American Express
    r"|35(?:2[89]|[3-8]\d)\d{12,15}"  # JCB
    r"|3(?:0[0-5]|09|[689]\d)\d{11}(?:\d{2})?"  # Diners Club
    r"|(?:62|60|65|64|81)\d{14,17}"  # UnionPay, Discover, RuPay
    r"|(?:50|5[6-8]|6[37-9])\d{14,17}"  # Maestro
)


def mask_cards(text: str, *, only_issued: bool = False) -> str:
    """Card numbers as •••• and their last four digits; all else unchanged.

    A number of 13 to 19 digits that stands alone is one where it passes Luhn; inside a
    longer row of digits (an expiry date, a telephone number beside it) one that a
    network issues. `only_issued` leaves all others, for numbers of orders and the like.
    """
    if len(text) < _SHORTEST:
        return text
    return CARD_LIKE.sub(lambda run: _mask_run(run, only_issued), text)


def card_places(text: str) -> list[tuple[int, int]]:
    """Start and end of each row of digits in which `mask_cards` masks something."""
    return [
        run.span()
        for run in CARD_LIKE.finditer(text)
        if _mask_run(run, False) != run[0]
    ]


def holds_card(text: str) -> bool:
    """Whether a card number of a network is in it."""
    return mask_cards(text, only_issued=True) != text


def _mask_run(run: re.Match[str], only_issued: bool) -> str:
    text = run[0]
    dialled = run.start() > 0 and run.string[run.start() - 1] in "+＋"
    if not (only_issued or dialled) and _PLAIN_RUN.fullmatch(text):
        digits = _digits(text)
        if digits[0] != "0" and _passes_luhn(digits):
            return _masked(digits)
    return _mask_within(text)


def _mask_within(text: str) -> str:
    """Mask each card number that whole groups of the digits make up."""
    groups = [group for group in _GROUP.finditer(text) if group[1]]
    row = _Row([_digits(group[1]) for group in groups])
    kept, done, first = [], 0, 0
    while first < len(groups):
        after = row.card_from(first)
        if after is None:
            first += 1
            continue
        kept += [text[done : groups[first].start()], _masked(row.number(first, after))]
        done, first = groups[after - 1].end(), after
    return "".join([*kept, text[done:]])


class _Row:
    """Groups of digits, with sums over them: a mail may be a megabyte of digits."""

    def __init__(self, groups: list[str]) -> None:
        self._digits = "".join(groups)
        self._starts = list(accumulate(map(len, groups), initial=0))
        values = self._digits.encode().translate(_VALUES)
        doubled = values.translate(_DOUBLED)
        # By Luhn, a number whose last digit stands at an even place, and at an odd one.
        even, odd = bytearray(doubled), bytearray(values)
        even[::2], odd[::2] = values[::2], doubled[::2]
        self._sums = (
            list(accumulate(even, initial=0)),
            list(accumulate(odd, initial=0)),
        )

    def number(self, first: int, after: int) -> str:
        return self._digits[self._starts[first] : self._starts[after]]

    def card_from(self, first: int) -> int | None:
        """The end of the longest card number that begins with the group `first`."""
        start, found = self._starts[first], None
        if self._digits[start] not in _FIRST_DIGITS:
            return None
        for after in self._ends(first):
            end = self._starts[after]
            sums = self._sums[(end - 1) % 2]
            if (sums[end] - sums[start]) % 10 == 0 and self._is_issued(start, end):
                found = after
        return found

    def _ends(self, first: int) -> range:
        """In groups of four or more, or digit by digit; no list of small numbers."""
        starts, last = self._starts, len(self._starts) - 1
        start = starts[first]
        if starts[first + 1] - start == 1:
            last = min(first + _LONGEST, last)
            while starts[last] - start > last - first:
                last -= 1
            return range(first + _SHORTEST, last + 1)
        after = first
        while after < last and starts[after + 1] - start <= _LONGEST:
            after += 1
            if starts[after] - starts[after - 1] < 4:
                break
        return range(first + 1, after + 1)

    def _is_issued(self, start: int, end: int) -> bool:
        number = self._digits[start:end]
        return _ISSUED.fullmatch(number) is not None and len(set(number)) > 1


def _digits(text: str) -> str:
    if text.isascii():
        return text if text.isdecimal() else re.sub(r"\D", "", text)
    return "".join(
        str(unicodedata.digit(letter)) for letter in text if letter.isdecimal()
    )


def _masked(digits: str) -> str:
    return f"•••• •••• •••• {digits[-4:]}"


def _passes_luhn(digits: str) -> bool:
    values = digits.encode().translate(_VALUES)
    total = sum(values[-1::-2]) + sum(values[-2::-2].translate(_DOUBLED))
    return total % 10 == 0 and len(set(digits)) > 1
