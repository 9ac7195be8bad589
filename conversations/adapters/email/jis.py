"""ISO-2022-JP and EUC-JP with what Windows writes into them: ①㈱髙, half-width kana.

The standard library's decoders refuse those, and raise on their names.
"""

import re
from functools import cache

_ESCAPE = re.compile(rb"(\x1b\$\([@BDOPQ]|\x1b\$[@B]|\x1b\([ABHIJ]|[\x0e\x0f])")
_PAIRS = re.compile(rb"[\x21-\x7e]{2}")
_ALL_PAIRS = re.compile(rb"(?:[\x21-\x7e]{2})*")
_BARE = re.compile(rb"(\$[@B](?:[\x21-\x7e]{2}){1,200}?)(\([BJ])")
_MOST_BARE = 200_000  # bytes
_MARKS = re.compile(rb"\x1b\$(?:\([DOPQ]|[@B])|\x1b\(I")
_EUC = re.compile(
    rb"([\xa1-\xfe]{2})|\x8e([\xa1-\xdf])|(\x8f[\xa1-\xfe]{2})|([\x00-\x7f]+)|(.)",
    re.DOTALL,
)
_UNREADABLE = "\ufffd"


def has_escapes(raw: bytes) -> bool:
    return _MARKS.search(raw) is not None


def with_escapes(raw: bytes) -> bytes:
    """ISO-2022-JP that has lost its escapes on the way: $B…(B."""
    if len(raw) > _MOST_BARE:
        return raw
    return _BARE.sub(b"\x1b\\1\x1b\\2", raw)


def decode_escaped(raw: bytes) -> str:
    """ISO-2022-JP in any dialect, also with 8-bit characters in between."""
    mode, decoded = b"\x1b(B", []
    for index, piece in enumerate(_ESCAPE.split(raw)):
        if index % 2:
            mode = piece
        elif piece:
            decoded.append(_in_mode(mode, piece))
    return "".join(decoded)


def _in_mode(mode: bytes, piece: bytes) -> str:
    if mode.startswith(b"\x1b$"):
        # A line ends the mode: the escape back was lost where one was cut.
        line, end, rest = piece.partition(b"\n")
        return _wide(line, mode) + (end + rest).decode("cp932", "replace")
    if mode in {b"\x1b(I", b"\x0e"}:
        return bytes(
            byte + 0x80 if 0x21 <= byte <= 0x5F else byte for byte in piece
        ).decode("cp932", "replace")
    return piece.decode("cp932", "replace")


def _wide(piece: bytes, mode: bytes) -> str:
    """Two bytes a character, with a broken one as U+FFFD and the rest as it is."""
    decoded, at = [], 0
    is_supplement = mode == b"\x1b$(D"
    table = _jis_table()
    if not is_supplement and _ALL_PAIRS.fullmatch(piece):
        pairs = zip(piece[::2], piece[1::2], strict=True)
        return "".join([table[(high - 0x21) * 94 + low - 0x21] for high, low in pairs])
    for pair in _PAIRS.finditer(piece):
        decoded.append(_loose(piece[at : pair.start()]))
        high, low = pair[0]
        decoded.append(
            _supplement(high, low)
            if is_supplement
            else table[(high - 0x21) * 94 + low - 0x21]
        )
        at = pair.end()
    return "".join(decoded) + _loose(piece[at:])


def _loose(piece: bytes) -> str:
    if len(piece) == 1 and 0x21 <= piece[0] <= 0x7E:
        return _UNREADABLE  # half of a character
    return piece.decode("cp932", "replace")


@cache
def _jis_table() -> tuple[str, ...]:
    return tuple(
        jis_character(high, low)
        for high in range(0x21, 0x7F)
        for low in range(0x21, 0x7F)
    )


def jis_character(high: int, low: int) -> str:
    """By way of cp932, which knows row 13 and the IBM extensions."""
    row = (high - 0x21) // 2
    lead = row + (0x81 if row < 0x1F else 0xC1)
    odd_shift = 0x1F if low < 0x60 else 0x20
    trail = low + (odd_shift if high % 2 else 0x7E)
    try:
        return bytes((lead, trail)).decode("cp932")
    except UnicodeDecodeError:
        return bytes((high | 0x80, low | 0x80)).decode("euc_jis_2004", "replace")[:1]


def _supplement(high: int, low: int) -> str:
    return bytes((0x8F, high | 0x80, low | 0x80)).decode("euc_jp", "replace")[:1]


def decode_euc(raw: bytes) -> str | None:
    """EUC-JP with the characters of Windows; None where it is none.

    A character cut off at the end is U+FFFD."""
    table, decoded, at_end = _jis_table(), [], len(raw)
    for match in _EUC.finditer(raw):
        pair, kana, supplement, plain, odd = match.groups()
        if pair:
            decoded.append(table[(pair[0] - 0xA1) * 94 + pair[1] - 0xA1])
        elif kana:
            decoded.append(chr(0xFF61 + kana[0] - 0xA1))
        elif supplement:
            decoded.append(supplement.decode("euc_jp", "replace")[:1])
        elif plain:
            decoded.append(plain.decode("ascii"))
        elif match.end() < at_end or odd[0] < 0x8E:
            return None
        else:
            decoded.append(_UNREADABLE)
    return "".join(decoded)
