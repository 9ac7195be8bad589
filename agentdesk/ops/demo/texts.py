"""The names, places, companies and scenes of the demo, read from `data/`."""

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate
from pathlib import Path
from typing import Any

import yaml

from agentdesk.ops.demo.copying import escape
from conversations.contents.call_lines import CallLines
from customers.people.text import search_key

_DATA = Path(__file__).parent / "data"


@dataclass(frozen=True)
class Name:
    text: str
    kana: str
    romaji: str
    key: str
    kana_key: str


@dataclass(frozen=True)
class Weighted:
    """Things to draw from, the frequent ones more often."""

    items: list[Any]
    cumulative: list[int]


Line = tuple[str, list[str]]  # who speaks, and the variants of what is said


@dataclass(frozen=True)
class Scene:
    """A story between a customer and the desk. Each line has a speaker and its variants."""

    reason: str
    subject: str
    when: str  # in an order's life: placed shipped delivered later, bought in a store, none
    voice: str  # chat, mail, phone
    lines: list[Line]
    summary: str
    items: tuple[str, ...]  # patterns of the SKUs it can be about; all where empty


def _lines(name: str) -> list[list[str]]:
    text = (_DATA / name).read_text(encoding="utf-8")
    return [line.split() for line in text.splitlines() if line]


def weighted(items: list[Any], weights: list[int]) -> Weighted:
    return Weighted(items, list(accumulate(weights)))


def _names(rows: list[list[str]]) -> Weighted:
    names = [
        Name(text, kana, romaji(kana), search_key(text), search_key(kana))
        for text, kana, _weight in rows
    ]
    return weighted(names, [int(weight) for _text, _kana, weight in rows])


@lru_cache(maxsize=1)
def family_names() -> Weighted:
    return _names(_lines("family_names.txt"))


@lru_cache(maxsize=1)
def given_names() -> Weighted:
    return _names([row[1:] for row in _lines("given_names.txt")])


@lru_cache(maxsize=1)
def places() -> list[str]:
    return [f"〒{postcode} {place}" for postcode, place in _lines("places.txt")]


@lru_cache(maxsize=1)
def buildings() -> list[str]:
    return [row[0] for row in _lines("buildings.txt")]


_CALL_LINES = ("用件", "経緯", "回答", "次対応")


def lines_of_call(note: str) -> CallLines:
    """A scene's phone note, escaped, whose lines begin with their names."""
    written = dict.fromkeys(_CALL_LINES, "")
    for line in note.split("\\n"):
        name, text = re.split("[】：]", line.removeprefix("【"), maxsplit=1)
        written[name] = text
    return CallLines(*written.values())


@lru_cache(maxsize=4)
def company(slug: str) -> dict[str, Any]:
    loaded = yaml.safe_load((_DATA / f"{slug}.yaml").read_text(encoding="utf-8"))
    return dict(loaded)


@lru_cache(maxsize=4)
def scenes(slug: str) -> Weighted:
    rows = yaml.safe_load((_DATA / f"scenes_{slug}.yaml").read_text(encoding="utf-8"))
    return weighted([_scene(row) for row in rows], [row["weight"] for row in rows])


def _scene(row: dict[str, Any]) -> Scene:
    lines: list[Line] = []
    for line in row["lines"]:
        ((speaker, texts),) = line.items()
        variants = texts if isinstance(texts, list) else [texts]
        lines.append((speaker, [escape(variant) for variant in variants]))
    return Scene(
        row["reason"],
        row["subject"],
        row["when"],
        row["voice"],
        lines,
        row["summary"],
        tuple(row.get("items", ())),
    )


_KANA = (
    "アイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワヲン"
    "ガギグゲゴザジズゼゾダヂヅデドバビブベボパピプペポ"
)
_SOUNDS = (
    "a i u e o ka ki ku ke ko sa shi su se so ta chi tsu te to na ni nu ne no ha hi fu he "
    "ho ma mi mu me mo ya yu yo ra ri ru re ro wa wo n ga gi gu ge go za ji zu ze zo da "
    "ji zu de do ba bi bu be bo pa pi pu pe po"
)
_ROMAJI = dict(zip(_KANA, _SOUNDS.split(), strict=True))
_SMALL = {"ャ": "ya", "ュ": "yu", "ョ": "yo"}


def romaji(kana: str) -> str:
    """A name as it would stand in an email address: サトウ is sato, ショウタ shota."""
    letters: list[str] = []
    for letter in kana:
        if letter in _SMALL and letters:
            sound = _SMALL[letter]
            stem = letters.pop()[:-1]
            letters.append(
                stem + (sound[1:] if stem.endswith(("sh", "ch", "j")) else sound)
            )
        else:
            letters.append(_ROMAJI.get(letter, ""))
    text = "".join(letters)
    for long, short in (("ou", "o"), ("oo", "o"), ("uu", "u")):
        text = text.replace(long, short)
    return text
