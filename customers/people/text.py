"""Search keys and normalised addresses. Originals are never changed by these."""

import re
import unicodedata

import idna
import jaconv
import phonenumbers

from agentdesk.web.text import clean_text as clean_text
from agentdesk.web.text import storable_html as storable_html
from agentdesk.web.text import stored_text as stored_text

# Variants that NFKC keeps apart but people type for one another.
_VARIANTS = str.maketrans(
    {
        "髙": "高",
        "﨑": "崎",
        "𠮷": "吉",
        "濵": "浜",
        "濱": "浜",
        "邊": "辺",
        "邉": "辺",
        "齋": "斎",
        "齊": "斉",
        "澤": "沢",
        "廣": "広",
        "德": "徳",
        "‐": "-",
        "‑": "-",
        "‒": "-",
        "–": "-",
        "—": "-",
        "―": "-",
        "−": "-",
        "ｰ": "-",
    }
)
_NOT_DIGITS = re.compile(r"[^0-9]")
# What people write around a number without meaning a letter of it by that.
_PHONE_LABEL = re.compile(
    r"^[\s(\[]*(?:tel|phone|mobile|fax|t|m|℡|☎)[\s.:)\]]*(?=[+(0-9])", re.IGNORECASE
)
_EXTENSION = re.compile(
    r"[\s,;(]*(?:ext(?:ension|n)?\.?|内線|x|#)[\s:]*[0-9]{1,7}\)?$", re.I
)
# (携帯), フリーダイヤル, 自宅: words without a Latin letter beside the digits.
_WORDS_BESIDE = re.compile(r"\([^0-9A-Za-z()]*\)|[^\W0-9A-Za-z_]+")
_LETTER = re.compile(r"[A-Za-z*]")


def search_key(text: str) -> str:
    """How a name is compared: NFKC, variants folded, hiragana as katakana, no spaces."""
    folded = unicodedata.normalize("NFKC", clean_text(text)).translate(_VARIANTS)
    return jaconv.hira2kata("".join(folded.split()).lower())


def fold_digits(text: str) -> str:
    """The ASCII digits of `text`, full-width ones included."""
    return _NOT_DIGITS.sub("", unicodedata.normalize("NFKC", text))


def normalise_phone(text: str, region: str) -> str:
    """E.164 (+81312345678), or an empty text where it is no possible number.

    A letter or an asterisk in the number (090-XXXX-XXXX, 1-800-FLOWERS) makes it none:
    people hide digits like that, and nobody here is called by a vanity number.
    """
    folded = (
        unicodedata.normalize("NFKC", clean_text(text)).translate(_VARIANTS).strip()
    )
    if not folded.isascii() or _LETTER.search(folded):
        folded = _WORDS_BESIDE.sub(
            " ", _EXTENSION.sub("", _PHONE_LABEL.sub("", folded))
        )
        if _LETTER.search(folded):
            return ""
    try:
        number = phonenumbers.parse(folded.strip(), region)
    except phonenumbers.NumberParseException:
        return ""
    if not phonenumbers.is_possible_number(number):
        return ""
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def display_phone(value: str, region: str) -> str:
    """03-1234-5678 for a number of the region, international spelling otherwise."""
    try:
        number = phonenumbers.parse(value, region)
    except phonenumbers.NumberParseException:
        return value
    home = phonenumbers.country_code_for_region(region) == number.country_code
    style = (
        phonenumbers.PhoneNumberFormat.NATIONAL
        if home
        else phonenumbers.PhoneNumberFormat.INTERNATIONAL
    )
    return phonenumbers.format_number(number, style)


_NO_MOBILES = frozenset(
    {
        phonenumbers.PhoneNumberType.FIXED_LINE,
        phonenumbers.PhoneNumberType.TOLL_FREE,
        phonenumbers.PhoneNumberType.PREMIUM_RATE,
        phonenumbers.PhoneNumberType.SHARED_COST,
        phonenumbers.PhoneNumberType.UAN,
    }
)


def is_landline(value: str) -> bool:
    """Whether the E.164 number is certainly of no mobile: it receives no text messages.

    Where a country's numbers do not tell (the United States), it is not certain.
    """
    try:
        number = phonenumbers.parse(value, None)
    except phonenumbers.NumberParseException:
        return False
    return phonenumbers.number_type(number) in _NO_MOBILES


_COPIED = re.compile(r"\A[\s<]*(?:mailto:)?|(?<![\d\s])\.[\s>]*\Z|[\s>]+\Z")
_EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s]+\.[^@\s]{2,}")


def normalise_email(text: str) -> str:
    """Lower-cased and NFKC, or empty where it is no address.

    A domain in letters and the same in ASCII (xn--…) are one: it is stored in letters.
    What comes along when an address is copied is none of it: signs that nobody sees,
    brackets, mailto: and the last dot.
    Lenient about the local part: carriers issue addresses such as `a..b.@docomo.ne.jp`.
    """
    folded = unicodedata.normalize("NFKC", clean_text(text)).lower()
    if not folded.isascii():
        folded = "".join(one for one in folded if unicodedata.category(one) != "Cf")
    folded = _COPIED.sub("", folded)
    local, at, domain = folded.replace("。", ".").rpartition("@")
    folded = local + at + ".".join(map(_in_letters, domain.split(".")))
    return folded if len(folded) <= 254 and _EMAIL.fullmatch(folded) else ""


def _in_letters(label: str) -> str:
    """A label of a domain as people write it; unchanged where it is none."""
    if not label.startswith("xn--"):
        return label
    try:
        return idna.decode(label)
    except idna.IDNAError:
        return label
