"""What a member is found by while somebody types: name, reading and Latin letters."""

import re
import unicodedata

import jaconv

from agentdesk.accounts.models import User

_LONG = (("ou", "o"), ("oo", "o"), ("uu", "u"), ("aa", "a"))
# Kunrei spellings beside Hepburn ones: what an IME takes as well.
_KUNREI = (
    ("shi", "si"),
    ("sh", "sy"),
    ("chi", "ti"),
    ("ch", "ty"),
    ("tsu", "tu"),
    ("fu", "hu"),
    ("ji", "zi"),
    ("j", "zy"),
)
_SPACES = re.compile(r"\s+")


def folded(text: str) -> str:
    """NFKC, lower case, katakana as hiragana, without spaces: as the pickers compare."""
    plain = _SPACES.sub("", unicodedata.normalize("NFKC", text)).lower()
    return jaconv.kata2hira(plain)


def search_words(user: User) -> list[str]:
    """Each spelling of a member's name, folded, family name first and last."""
    names = (user.family_name, user.given_name)
    kana = (user.family_kana, user.given_kana)
    latin = [_latin(folded(part)) for part in kana]
    pairs = [
        tuple(map(folded, names)),
        tuple(map(folded, kana)),
        *zip(*latin, strict=True),
    ]
    found = [folded(user.email.partition("@")[0])]
    for family, given in pairs:
        found += [family + given, given + family]
    return list(dict.fromkeys(word for word in found if word))


def _latin(kana: str) -> list[str]:
    """Hepburn and Kunrei, each with long vowels spelled out and left out."""
    hepburn = jaconv.kana2alphabet(kana)
    spellings = [hepburn, _replaced(hepburn, _KUNREI)]
    return spellings + [_replaced(one, _LONG) for one in spellings]


def _replaced(text: str, pairs: tuple[tuple[str, str], ...]) -> str:
    for old, new in pairs:
        text = text.replace(old, new)
    return text
