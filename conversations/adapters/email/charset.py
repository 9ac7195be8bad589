"""Bytes as text, by a label that may be missing, misspelt or wrong."""

import codecs
import re

from conversations.adapters.email.jis import (
    decode_escaped,
    decode_euc,
    has_escapes,
    with_escapes,
)
from conversations.adapters.email.plausible import is_mostly_japanese, oddness

_JIS = re.compile(r"(?:cs)?iso-?2022-?jp|cp5022\d|jis(?:7|8)?$|junet")
_SHIFT_JIS = re.compile(
    r"(?:x-|cs)?(?:shift[_-]?jis|sjis)|windows-31j|cswindows31j|cp932|ms932|"
    r"ms_kanji|x-ms-cp932|mskanji"
)
_EUC = re.compile(r"(?:x-)?euc-?jp|cseuc|ujis|eucjp")
_LATIN = frozenset({"iso8859-1", "cp1252", "iso8859-15", "ascii", "latin-1"})
# What a label says, and what its writers really write (as browsers read it).
_WIDER = {
    "ascii": "utf-8",
    "iso8859-1": "cp1252",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "big5": "big5hkscs",
    "euc_kr": "cp949",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "tis-620": "cp874",
}
# Python also knows `idna`, `unicode_escape` and other codecs no mail is written in.
_READABLE = re.compile(
    r"utf-(?:7|8|16|32)(?:-[bl]e|-sig)?|utf-8-sig|ascii|iso8859-\d+|cp\d+|koi8-[rut]|"
    r"gb2312|gbk|gb18030|hz|big5|big5hkscs|euc_kr|johab|iso2022_kr|tis-620|mac-\w+"
)
_LABEL = re.compile(r"[a-z0-9._:+-]{2,40}")
_KANA = re.compile("[\u3041-\u3096\u30a1-\u30fa]")
_THREE_BYTES = re.compile("[\u0800-\U0010ffff]")
_BEYOND_SIGNS = re.compile("[\u00c0-\u07ff]")
# Accented letters that stand with others, as in words; and signs between words.
_ACCENTED = re.compile(
    "(?<=[A-Za-z])[ŠŒŽšœžŸÀ-ÖØ-öø-ÿ]{1,3}|[ŠŒŽšœžŸÀ-ÖØ-öø-ÿ]{1,3}(?=[A-Za-z])"
    "|(?<= )[ÀÉÈàáâéèêíóôùú](?= )|[‘’“”–—«»€]"
)
_IS_ODD = 0.55  # half-width kana alone are less plausible than accents
# Characters beyond 65,535 as two of three bytes each, as Java writes them.
_PAIRS = re.compile(rb"\xed[\xa0-\xaf][\x80-\xbf]\xed[\xb0-\xbf][\x80-\xbf]")
_SURROGATE = re.compile("[\ud800-\udfff]")
_UNREADABLE = "\ufffd"
_MARKED = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


def decode(raw: bytes, label: str = "") -> str:
    """`raw` as text; what fits nothing is U+FFFD. No lone surrogates. Never raises."""
    try:
        return _without_surrogates(_decode(raw, _bare(label)))
    except UnicodeError:  # some codecs raise it whatever they are told of errors
        return raw.decode("utf-8", "replace")


def _decode(raw: bytes, label: str) -> str:
    for mark, codec in _MARKED:
        if raw.startswith(mark):
            return raw[len(mark) :].decode(codec, "replace")
    if _PAIRS.search(raw) and (text := _paired(raw)) is not None:
        return text
    if _JIS.match(label) and not has_escapes(raw):
        raw = with_escapes(raw)
    if has_escapes(raw):
        return decode_escaped(raw)
    if raw.isascii() and not _is_packed_in_ascii(raw, _codec(label)):
        return raw.decode("ascii")
    if _JIS.match(label):
        return _guess(raw)
    if _SHIFT_JIS.match(label):
        return _shift_jis(raw)
    if _EUC.match(label):
        return _utf8(raw) or decode_euc(raw) or _guess(raw)
    return _by_codec(raw, _codec(label))


def _is_packed_in_ascii(raw: bytes, codec: str) -> bool:
    """Whether ASCII bytes stand for other characters. UTF-16 and 32 need NULs for it."""
    if codec.startswith(("utf-16", "utf-32")):
        return b"\0" in raw
    return codec.startswith(("utf-7", "hz", "iso2022"))


def _bare(label: str) -> str:
    return label.strip(" \t\r\n\"';").lower()


def _codec(label: str) -> str:
    """Python's name for it; empty for none, or for one no mail is written in."""
    if not _LABEL.fullmatch(label):
        return ""
    try:
        name = codecs.lookup(label).name
    except (LookupError, ValueError):
        return ""
    return name if _READABLE.fullmatch(name) else ""


def _utf8(raw: bytes) -> str | None:
    """What can hardly be anything else: characters of three bytes."""
    text = _strict(raw, "utf-8")
    return text if text is not None and _THREE_BYTES.search(text) else None


def _shift_jis(raw: bytes) -> str:
    if (utf8 := _utf8(raw)) is not None:
        return utf8
    text = _strict(raw, "cp932")
    if text is None:
        return _guess(raw, otherwise="cp932")
    euc = decode_euc(raw)
    is_wrong = euc is not None and oddness(euc) < 0.1 and oddness(text) > 0.6
    return euc if euc is not None and is_wrong else text


def _by_codec(raw: bytes, codec: str) -> str:
    if codec == "utf-8" and (text := _strict(raw, codec)) is not None:
        return text
    if not codec or codec == "utf-8" or codec == "ascii":
        return _guess(raw)
    if codec in _LATIN:
        return _latin(raw, codec)
    if codec in {"utf-16", "utf-32"}:
        return _without_mark(raw, codec)
    wider = _WIDER.get(codec, codec)
    text = _strict(raw, wider)
    if text is not None:
        return text
    if (utf8 := _strict(raw, "utf-8")) is not None:
        return utf8
    return raw.decode(wider, "replace")


def _without_mark(raw: bytes, codec: str) -> str:
    """UTF-16 that does not say where its bytes begin: big first, as RFC 2781 has it."""
    texts = [raw.decode(f"{codec}-{order}", "replace") for order in ("be", "le")]
    return min(texts, key=oddness)


def _latin(raw: bytes, codec: str) -> str:
    """The label of mailers that were never told any other."""
    text = _strict(raw, "utf-8")
    if text is not None:
        return text
    for text in (_strict(raw, "cp932"), decode_euc(raw)):
        if text is None:
            continue
        if len(_KANA.findall(text)) > 1 and oddness(text) < 0.5:
            return text
        if is_mostly_japanese(text) and not oddness(text):
            return text
    return raw.decode(_WIDER.get(codec, codec), "replace")


def _guess(raw: bytes, otherwise: str = "utf-8") -> str:
    """UTF-8, EUC-JP or Shift_JIS, whichever it can be."""
    text, euc = _strict(raw, "utf-8"), decode_euc(raw)
    if text is not None:
        is_sure = _THREE_BYTES.search(text) or not _BEYOND_SIGNS.search(text)
        return text if is_sure or not euc or not _is_rather(euc) else euc
    mostly = raw.decode("utf-8", "replace")
    if mostly.count(_UNREADABLE) * 4 < sum(char > "\x7f" for char in mostly):
        return mostly
    shift_jis = _strict(raw, "cp932")
    japanese = [one for one in (shift_jis, euc) if one is not None]
    likely = min(japanese, key=oddness, default=None)
    is_odd = likely is None or oddness(likely) > _IS_ODD
    if is_odd and (european := _european(raw)) is not None:
        return european
    return raw.decode(otherwise, "replace") if likely is None else likely


def _european(raw: bytes) -> str | None:
    """Letters with accents, in the character set of Western Europe; None otherwise."""
    text = raw.decode("cp1252", "replace")
    beyond = [char for char in text if char > "\x7f"]
    in_words = sum(len(word) for word in _ACCENTED.findall(text))
    return text if in_words * 5 >= len(beyond) * 4 else None


def _is_rather(euc: str) -> bool:
    """EUC-JP, although it could be letters of Europe in UTF-8."""
    return is_mostly_japanese(euc) and not oddness(euc)


def _strict(raw: bytes, codec: str) -> str | None:
    """None where it is another; a character cut off at the end is U+FFFD."""
    try:
        return raw.decode(codec)
    except UnicodeError:
        pass
    try:
        text: str = codecs.getincrementaldecoder(codec)().decode(raw)
    except (UnicodeError, LookupError):
        return None
    return None if text.isascii() else text + _UNREADABLE


def _paired(raw: bytes) -> str | None:
    try:
        return raw.decode("utf-8", "surrogatepass")
    except UnicodeError:
        return None


def _without_surrogates(text: str) -> str:
    if _SURROGATE.search(text) is None:
        return text
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
