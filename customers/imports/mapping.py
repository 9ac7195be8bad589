"""Which column of a file is what: our YAML, and that of the account above it."""

import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from django.utils.translation import gettext as _

_DEFAULT = Path(__file__).parent / "orders.yaml"
_PARTS = ("columns", "statuses", "payment_statuses", "store_kinds")


class InvalidMappingError(Exception):
    """The mapping cannot be used; the sentence says why."""


@dataclass(frozen=True)
class Mapping:
    """Our field → the names its column may have; our value → the words for it."""

    columns: dict[str, list[str]]
    statuses: dict[str, str]
    payment_statuses: dict[str, str]
    store_kinds: dict[str, str]

    def positions(self, header: list[str]) -> dict[str, int]:
        """Where each of our fields stands in this header, as far as it is there."""
        found: dict[str, int] = {}
        places: dict[str, int] = {}
        for position, name in enumerate(header):
            places.setdefault(folded(name), position)
        for field, names in self.columns.items():
            for name in names:
                if folded(name) in places:
                    found[field] = places[folded(name)]
                    break
        return found


def folded(words: str) -> str:
    """Column names and status words, as they are compared."""
    text = unicodedata.normalize("NFKC", words).strip("\ufeff").casefold()
    return "".join(text.replace("_", "").replace("-", "").split())


def read_mapping(path: Path | None) -> Mapping:
    """The default mapping, with what the file at `path` says instead."""
    merged = _parts(_DEFAULT.read_text(encoding="utf-8"))
    if path is not None:
        for part, entries in _parts(_text_of(path)).items():
            unknown = sorted(set(entries) - set(merged[part]))
            if unknown:
                raise InvalidMappingError(
                    _(
                        "The mapping names “%(name)s” under “%(part)s”. Known are: %(known)s."
                    )
                    % {
                        "name": unknown[0],
                        "part": part,
                        "known": ", ".join(merged[part]),
                    }
                )
            merged[part].update(entries)
    return Mapping(
        columns=merged["columns"],
        statuses=_words(merged["statuses"]),
        payment_statuses=_words(merged["payment_statuses"]),
        store_kinds=_words(merged["store_kinds"]),
    )


def _words(entries: dict[str, list[str]]) -> dict[str, str]:
    return {
        folded(word): value
        for value, words in entries.items()
        for word in (value, *words)
    }


def _text_of(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidMappingError(
            _("The mapping %(file)s cannot be read.") % {"file": path.name}
        ) from error


def _parts(text: str) -> dict[str, dict[str, list[str]]]:
    try:
        content = yaml.safe_load(text) or {}
    except yaml.YAMLError as error:
        raise InvalidMappingError(_("The mapping is no valid YAML.")) from error
    if not isinstance(content, dict) or set(content) - set(_PARTS):
        raise InvalidMappingError(
            _("The mapping has other parts than: %(known)s.")
            % {"known": ", ".join(_PARTS)}
        )
    return {part: _entries(content.get(part) or {}) for part in _PARTS}


def _entries(part: Any) -> dict[str, list[str]]:
    if not isinstance(part, dict):
        raise InvalidMappingError(_("A part of the mapping is no list of names."))
    return {
        str(name): [str(word) for word in words]
        if isinstance(words, list)
        else [str(words)]
        for name, words in part.items()
    }
