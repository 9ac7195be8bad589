"""受付番号, as the desk makes them."""

LETTERS = "ACDEFHJKLMNPRTUVWXY"
DIGITS = "23456789"
_REFERENCES = len(LETTERS) ** 2 * len(DIGITS) ** 5
_STRIDE = 4_870_847  # shares no factor with the number of references


def reference(number: int) -> str:
    """A 受付番号 as the desk makes them, and none twice below eleven million."""
    rest = number * _STRIDE % _REFERENCES
    rest, first = divmod(rest, len(LETTERS))
    rest, third = divmod(rest, len(LETTERS))
    digits = []
    for _index in range(5):
        rest, digit = divmod(rest, len(DIGITS))
        digits.append(DIGITS[digit])
    return f"{LETTERS[first]}{digits[0]}{LETTERS[third]}-{''.join(digits[1:])}"
