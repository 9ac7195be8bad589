"""Whether who is greeted is the customer, or somebody else of this thread."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import jaconv

from conversations.replies.checks.greeting import Greeting, greetings
from customers.people.text import search_key

_KANJI = re.compile(r"[々㐀-鿿豈-﫿\U00020000-\U0003ffff]")
_KANA = re.compile(r"[ァ-ヺー]+")
# Hepburn and what else people write, as one spelling.
_SPELLINGS = (
    ("sh", "sy"),
    ("ch", "ty"),
    ("tsu", "tu"),
    ("fu", "hu"),
    ("j", "zy"),
    ("syi", "si"),
    ("tyi", "ti"),
    ("zyi", "zi"),
    ("zyy", "zy"),
)


@dataclass(frozen=True)
class PersonName:
    """As far as it is known; `other` is what they call themselves somewhere."""

    family: str = ""
    given: str = ""
    family_kana: str = ""
    given_kana: str = ""
    other: str = ""


@dataclass(frozen=True)
class Addressees:
    """Who may be greeted: `people`, and whomever the words of the `thread` name.

    `shown` is the customer's name as a warning tells it. Where no name is known of the
    customer, anybody may be greeted.
    """

    people: tuple[PersonName, ...] = ()
    thread: str = ""
    shown: str = ""

    @cached_property
    def _keys(self) -> list["_Keys"]:
        return [_Keys.of(person) for person in self.people]

    @cached_property
    def _thread_key(self) -> str:
        return search_key(self.thread)

    def fit(self, greeting: Greeting) -> bool:
        parts = [search_key(part) for part in greeting.parts]
        if greeting.is_organisation or any(map(self._is_spoken_of, parts)):
            return self._is_spoken_of(parts[-1]) or self._is_somebodys(parts)
        return self._is_somebodys(parts) or not self._is_comparable(parts)

    def _is_spoken_of(self, part: str) -> bool:
        return len(part) > 1 and part in self._thread_key

    def _is_somebodys(self, parts: list[str]) -> bool:
        return any(keys.fit(parts) for keys in self._keys)

    def _is_comparable(self, parts: list[str]) -> bool:
        """Whether their names are known in letters like these."""
        letters = _letters("".join(parts))
        known = {_letters(name) for keys in self._keys for name in keys.single}
        return letters in known or (letters == "latin" and "kana" in known)


def wrong_greetings(text: str, addressees: Addressees) -> Iterator[tuple[int, int]]:
    """The place of a name that is nobody's here."""
    if not addressees.people:
        return
    for greeting in greetings(text):
        if not addressees.fit(greeting):
            yield greeting.start, greeting.end


@dataclass(frozen=True)
class _Keys:
    """One person's names: one by one, all together, and begun where the rest is unknown."""

    single: frozenset[str]
    full: frozenset[str]
    begun: frozenset[str]
    ended: frozenset[str]
    other: str

    @classmethod
    def of(cls, person: PersonName) -> "_Keys":
        spelled = (
            (search_key(person.family), search_key(person.given)),
            (search_key(person.family_kana), search_key(person.given_kana)),
        )
        others = map(search_key, re.split(r"[\s・　]+", person.other))
        both = {one + two for one, two in spelled} | {two + one for one, two in spelled}
        return cls(
            single=frozenset({*spelled[0], *spelled[1], *others} - {""}),
            full=frozenset(both - {""}),
            begun=frozenset(one for one, two in spelled if len(one) > 1 and not two),
            ended=frozenset(two for one, two in spelled if len(two) > 1 and not one),
            other=search_key(person.other),
        )

    def fit(self, parts: list[str]) -> bool:
        whole = "".join(parts)
        if whole in self.full or all(part in self.single for part in parts):
            return True
        if any(map(whole.startswith, self.begun)) or any(
            map(whole.endswith, self.ended)
        ):
            return True
        if len(whole) > 1 and whole in self.other:
            return True
        latin = {_latin(name) for name in self.single | self.full}
        return all(_latin(part) in latin for part in parts)


def _letters(key: str) -> str:
    if _KANJI.search(key):
        return "kanji"
    return "kana" if _KANA.fullmatch(key) else "latin"


def _latin(key: str) -> str:
    """ヨウコ, Yoko and Yōko are one; kanji stay as they are."""
    if _KANA.fullmatch(key):
        key = jaconv.kana2alphabet(jaconv.kata2hira(key)).replace("-", "")
    plain = unicodedata.normalize("NFD", key)
    plain = "".join(one for one in plain if not unicodedata.combining(one))
    if not plain.isascii():
        return key
    plain = re.sub(r"[^a-z]", "", plain)
    for written, spelling in _SPELLINGS:
        plain = plain.replace(written, spelling)
    plain = re.sub(r"m(?=[bpm])", "n", plain)
    plain = re.sub(r"o[uh](?=[^aiueo]|$)|oo", "o", plain)
    return re.sub(r"uu", "u", plain)
