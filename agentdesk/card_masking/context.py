"""What stands beside digits: whether they are part of a longer name of something."""

import re

from agentdesk.card_masking.runs import INVISIBLE, Row
from agentdesk.card_masking.shapes import is_behind


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# These tie digits to what stands before and behind them.
_TIE = "[-‐‑‒–—−－_.．/／~]"
_TIED = re.compile(rf"{_TIE}+")
_BESIDE = 40  # characters that are looked at
_WORD_BEFORE = re.compile(rf"([A-Za-zＡ-Ｚａ-ｚÀ-ÿ]+)((?:{_TIE}|@)?)[{INVISIBLE}]*\Z")
_SIGN_BEFORE = re.compile(r"@\Z")
_WORD_BEHIND = re.compile(rf"[{INVISIBLE}]*[-_]?([A-Za-zＡ-Ｚａ-ｚÀ-ÿ]+)")
# A tag of HTML, and line ends as JSON writes them.
_WORD_ENDS = ("\u2060", "\\n", "\\r", "\\t")
_MAIL_BEHIND = re.compile(r"[\w.+-]{0,64}@[\w-]")
_ADDRESS = re.compile(r"//|www\.|\.[a-z]{2,10}/", re.I)
_ADDRESS_LENGTH = 1_000
_CARD_PARAMETER = re.compile(r"[?&;][^?&;=]*(?:card|cc|pan|credit)[^?&;=]*=\Z", re.I)
_NUMBER_WORDS = _words(
    "visa master mastercard mc amex express jcb diners club discover unionpay cup card "
    "cards credit debit creditcard cardno cardnumber ccnumber cc ccn pan no nr num "
    "number numbers account is are and or with my the tel"
)
_WORDS_BEHIND = _words(
    "exp expires expiry valid until thru good mm cvv cvc cvn cid csc sec code pin visa "
    "master mastercard amex jcb diners discover unionpay and or is are on with name "
    "holder"
)
# Their numbers have as many digits, and pass the same check.
_OTHER_LABEL = re.compile(
    r"(?:IMEI(?:/?SV)?|MEID|ICCID|EID|GTIN|ITF|JAN|EAN|SSCC)[\s\-:：]{0,6}(?:14)?"
    r"(?:コード|code|番号|No\.?)?[\s:：は]{0,4}\Z",
    re.I,
)
_MOST_DIALLED = 15  # digits of a telephone number. Source: ITU-T E.164


def is_free(row: Row, first: int, after: int, *, in_names: bool) -> bool:
    """Whether the number stands for itself.

    `in_names`: also as part of an address of a page or a mail is it looked for.
    """
    start, end = row.spans[first][0], row.spans[after - 1][1]
    before = row.text[max(0, start - _BESIDE) : start]
    if _is_tied_before(row, first, before) or _is_tied_behind(row, after, end):
        return False
    digits = sum(row.length(index) for index in range(first, after))
    if before[-1:] in ("+", "＋") and digits <= _MOST_DIALLED:
        return False
    if _OTHER_LABEL.search(before):
        return False
    return in_names or not _is_in_name(row, first, after, start, end)


def _is_tied_before(row: Row, first: int, before: str) -> bool:
    if first and _TIED.fullmatch(row.gap_before(first).text):
        return True
    word = _WORD_BEFORE.search(before)
    if word is None or before.endswith(_WORD_ENDS):
        return False
    return word[2] not in ("/", "／") and word[1].lower() not in _NUMBER_WORDS


def _is_tied_behind(row: Row, after: int, end: int) -> bool:
    if after < len(row) and _TIED.fullmatch(row.gap_before(after).text):
        return not is_behind(row, after)
    word = _WORD_BEHIND.match(row.text, end, end + _BESIDE)
    if word is None or row.text[end : end + 1] == "\u2060":
        return False
    return word[1].lower() not in _WORDS_BEHIND


def _is_in_name(row: Row, first: int, after: int, start: int, end: int) -> bool:
    """Part of a mail address, or of a page's that does not say it is a card's."""
    if _SIGN_BEFORE.search(row.text, max(0, start - 1), start):
        return True
    if _MAIL_BEHIND.match(row.text, end, end + 2 * _BESIDE):
        return True
    address = _address_before(row.text, start)
    if not address or after - first > 1:
        return False
    return _CARD_PARAMETER.search(address) is None


def _address_before(text: str, start: int) -> str:
    """The part of a page's address that stands before `start`; empty where none does."""
    before = text[max(0, start - _ADDRESS_LENGTH) : start]
    if not before or before[-1].isspace():
        return ""
    word = before.rsplit(maxsplit=1)[-1]
    found = _ADDRESS.search(word)
    return word[found.start() :] if found else ""
