"""How many segments a text takes: each is sent, and paid for, as a message of its own.

`static/agentdesk/js/segments.js` counts the same while somebody types; one table of
cases tests both. Source: Twilio, "SMS Character Limits"; 3GPP TS 23.038.
"""

from collections.abc import Iterable
from dataclasses import dataclass

_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENDED = frozenset("\f^{}\\[~]|€")  # an escape goes before each
_GSM_LENGTHS = (160, 153)  # alone, and with the header that joins the segments
_UCS2_LENGTHS = (70, 67)


@dataclass(frozen=True)
class Segments:
    """`left`: how many units still fit in the last segment."""

    count: int
    left: int
    is_gsm: bool


def count_segments(text: str) -> Segments:
    """As Twilio counts with its "smart encoding" off, which is how we send."""
    is_gsm = all(one in _BASIC or one in _EXTENDED for one in text)
    if is_gsm:
        widths = [2 if one in _EXTENDED else 1 for one in text]
    else:
        widths = [2 if ord(one) > 0xFFFF else 1 for one in text]
    alone, joined = _GSM_LENGTHS if is_gsm else _UCS2_LENGTHS
    if sum(widths) <= alone:
        return Segments(1, alone - sum(widths), is_gsm)
    count, left = _packed(widths, joined)
    return Segments(count, left, is_gsm)


def _packed(widths: Iterable[int], length: int) -> tuple[int, int]:
    """What takes two units is never cut in two."""
    count, left = 1, length
    for width in widths:
        if width > left:
            count, left = count + 1, length
        left -= width
    return count, left
