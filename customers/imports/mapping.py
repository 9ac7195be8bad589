"""Which column of a file is what: our YAML, and that of the account above it."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from django.utils.translation import gettext as _

from customers.imports.roles import of_buyer

# The same in C, where PyYAML has it: five times as quick.
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_DEFAULT = Path(__file__).parent / "orders.yaml"
_PARTS = ("columns", "statuses", "payment_statuses", "store_kinds")
_OURS = (*_PARTS, "layouts")


@dataclass(frozen=True)
class Way:
    """One way to fill a field: the columns, joined or the first that is not empty."""

    columns: tuple[str, ...]
    is_joined: bool = False


@dataclass(frozen=True)
class Place:
    """Where a field stands in the rows of one file."""

    positions: tuple[int, ...]
    is_joined: bool = False

    def cells(self, row: list[str]) -> list[str]:
        return [row[position] for position in self.positions]


Entries = dict[str, list[Way]]
Parts = dict[str, Entries]


class InvalidMappingError(Exception):
    """The mapping cannot be used; the sentence says why."""


@dataclass(frozen=True)
class Layout:
    """The file of a known shop system, recognised by columns that only it has."""

    name: str
    when: list[str]
    parts: Parts


@dataclass
class Mapping:
    """Our field → the names its column may have; our value → the words for it.

    `adjusted_to` gives that of one file, where a layout knows it: the account's own
    names go before those of the layout, and those before ours.
    """

    parts: Parts
    account_parts: Parts = field(default_factory=dict)
    layouts: Sequence[Layout] = ()
    layout_name: str = ""

    def __post_init__(self) -> None:
        merged = _merged(self.parts, self.account_parts)
        self.columns = merged["columns"]
        self.statuses = _words(merged["statuses"])
        self.payment_statuses = _words(merged["payment_statuses"])
        self.store_kinds = _words(merged["store_kinds"])

    def adjusted_to(self, header: list[str]) -> "Mapping":
        names = {folded(name) for name in header}
        for layout in self.layouts:
            if all(folded(name) in names for name in layout.when):
                parts = _merged(self.parts, layout.parts)
                return Mapping(parts, self.account_parts, layout_name=layout.name)
        return self

    def places(self, header: list[str]) -> dict[str, Place]:
        """Where each of our fields stands in this header, as far as it is there."""
        positions: dict[str, int] = {}
        for position, name in enumerate(header):
            positions.setdefault(folded(name), position)
        for name, position in list(positions.items()):
            positions.setdefault(of_buyer(name), position)
        found = {name: _first(ways, positions) for name, ways in self.columns.items()}
        return _without_half_names(
            {name: place for name, place in found.items() if place}
        )


def _without_half_names(places: dict[str, Place]) -> dict[str, Place]:
    """注文者名 is the given name beside 注文者姓, and alone the whole one."""
    for whole, given, family in (
        ("name", "given_name", "family_name"),
        ("kana", "given_kana", "family_kana"),
    ):
        if whole in places and places[whole] == places.get(given):
            del places[whole if family in places else given]
    return places


def _first(ways: list[Way], positions: dict[str, int]) -> Place | None:
    """The first of the ways that the file has; an empty one stands for none at all."""
    for way in ways:
        place = _place(way, positions)
        if place or not way.columns:
            return place
    return None


def _place(way: Way, positions: dict[str, int]) -> Place | None:
    """None where the file has no such column; of joined ones the first has to be there."""
    names = [folded(name) for name in way.columns]
    there = tuple(positions[name] for name in names if name in positions)
    if not there or (way.is_joined and names[0] not in positions):
        return None
    return Place(there, way.is_joined)


def folded(words: str) -> str:
    """Column names and status words, as they are compared."""
    text = unicodedata.normalize("NFKC", words).strip("\ufeff").casefold()
    return "".join(text.replace("_", "").replace("-", "").split())


def read_mapping(path: Path | None) -> Mapping:
    """The default mapping, with what the file at `path` says instead."""
    content = _content(_DEFAULT.read_text(encoding="utf-8"), _OURS)
    parts = _parts(content)
    layouts = [
        Layout(str(name), entry["when"], _parts(entry))
        for name, entry in content["layouts"].items()
    ]
    account_parts: Parts = {part: {} for part in _PARTS}
    if path is not None:
        account_parts = _parts(_content(_text_of(path), _PARTS))
        for part, entries in account_parts.items():
            _refuse_unknown(part, entries, parts[part])
    return Mapping(parts, account_parts, layouts)


def _refuse_unknown(part: str, entries: Entries, known: Entries) -> None:
    unknown = sorted(set(entries) - set(known))
    if unknown:
        raise InvalidMappingError(
            _("The mapping names “%(name)s” under “%(part)s”. Known are: %(known)s.")
            % {"name": unknown[0], "part": part, "known": ", ".join(known)}
        )


def _merged(parts: Parts, more: Parts) -> Parts:
    """What `more` says before what the others say."""
    return {
        part: _columns_above(entries, more.get(part, {}))
        if part == "columns"
        else _words_above(entries, more.get(part, {}))
        for part, entries in parts.items()
    }


def _columns_above(entries: Entries, more: Entries) -> Entries:
    return entries | {name: more[name] + entries.get(name, []) for name in more}


def _words_above(entries: Entries, more: Entries) -> Entries:
    """A word that `more` gives to one value is none of another value any longer."""
    taken = {
        folded(word) for ways in more.values() for way in ways for word in way.columns
    }
    left = {
        value: [
            way for way in ways if not taken & {folded(word) for word in way.columns}
        ]
        for value, ways in entries.items()
    }
    return {value: more.get(value, []) + ways for value, ways in left.items()}


def _words(entries: Entries) -> dict[str, str]:
    words = {folded(value): value for value in entries}
    return words | {
        folded(word): value
        for value, ways in entries.items()
        for way in ways
        for word in way.columns
    }


def _text_of(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidMappingError(
            _("The mapping %(file)s cannot be read.") % {"file": path.name}
        ) from error


def _content(text: str, known: tuple[str, ...]) -> dict[str, Any]:
    try:
        content = yaml.load(text, Loader=_Loader) or {}  # noqa: S506  # safe loaders both
    except yaml.YAMLError as error:
        raise InvalidMappingError(_("The mapping is no valid YAML.")) from error
    if not isinstance(content, dict) or set(content) - set(known):
        raise InvalidMappingError(
            _("The mapping has other parts than: %(known)s.")
            % {"known": ", ".join(known)}
        )
    return content


def _parts(content: dict[str, Any]) -> Parts:
    return {part: _entries(content.get(part) or {}) for part in _PARTS}


def _entries(part: Any) -> Entries:
    if not isinstance(part, dict):
        raise InvalidMappingError(_("A part of the mapping is no list of names."))
    return {str(name): _ways(ways) for name, ways in part.items()}


def _ways(ways: Any) -> list[Way]:
    return [_way(way) for way in (ways if isinstance(ways, list) else [ways])]


def _way(way: Any) -> Way:
    if isinstance(way, dict) and set(way) == {"any"} and isinstance(way["any"], list):
        return Way(tuple(str(one) for one in way["any"]))
    if isinstance(way, list):
        return Way(tuple(str(one) for one in way), is_joined=True)
    return Way((str(way),))
