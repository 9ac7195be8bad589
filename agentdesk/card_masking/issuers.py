"""Which numbers the networks issue: first digits, and how many digits in all.

Sources, read in November 2026: ISO/IEC 7812-1 (Luhn, at most 19 digits); Oracle
Payments, "List of Standard Credit Card Preambles" (after Discover's IIN bulletin:
Discover, Diners Club, JCB and UnionPay 62); Wikipedia, "Payment card number", of
27 November 2025; braintree/credit-card-type, `card-types.js` (lengths, UnionPay
8100-8171). Visa no longer issues 13 digits, and Maestro is issued no more.
"""

import re

SHORTEST = 14
_SIXTEEN_AND_MORE = (19, 18, 17, 16)
# How many digits there may be, by the first two; the longest first.
LENGTHS: dict[str, tuple[int, ...]] = {
    **{f"4{digit}": (19, 16) for digit in range(10)},
    **{str(prefix): (16,) for prefix in (*range(51, 56), *range(22, 28))},
    **dict.fromkeys(("34", "37"), (15,)),
    **dict.fromkeys(("30", "36", "38", "39"), (19, 16, 14)),
    **dict.fromkeys(("35", "60", "62", "64", "65", "81"), _SIXTEEN_AND_MORE),
}

_ISSUED = re.compile(
    r"4\d{15}(?:\d{3})?"  # Visa
    r"|5[1-5]\d{14}|2(?:22[1-9]|2[3-9]\d|[3-6]\d\d|7[01]\d|720)\d{12}"  # Mastercard
    r"|3[47]\d{13}"  # American Express
    r"|35(?:2[89]|[3-8]\d)\d{12,15}"  # JCB
    r"|3(?:0[0-5]\d|095|[689]\d\d)\d{10}(?:\d{2}|\d{5})?"  # Diners Club
    r"|(?:6011|64[4-9]\d|65\d\d)\d{12,15}"  # Discover
    r"|(?:62\d\d|81(?:[0-6]\d|7[01]))\d{12,15}"  # UnionPay
)
_VALUES = bytes.maketrans(b"0123456789", bytes(range(10)))
_DOUBLED = bytes.maketrans(bytes(range(10)), bytes((0, 2, 4, 6, 8, 1, 3, 5, 7, 9)))


def is_issued(number: str) -> bool:
    """Whether a network issues numbers like this one; the check digit aside."""
    return _ISSUED.fullmatch(number) is not None


def luhn_values(digits: str) -> tuple[bytearray, bytearray]:
    """What each digit adds to the sum, where the last one's place is even, and odd."""
    values = digits.encode().translate(_VALUES)
    doubled = values.translate(_DOUBLED)
    even, odd = bytearray(doubled), bytearray(values)
    even[::2], odd[::2] = values[::2], doubled[::2]
    return even, odd
