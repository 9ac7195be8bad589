"""From the cell of a shop's file to a value: amounts, moments, names. Never guesses."""

import re
import unicodedata
from datetime import datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.translation import gettext as _

from customers.imports.base import BadRowError
from customers.text import clean_text

MAX_AMOUNT = 10**12
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
_AMOUNT = re.compile(r"[-△▲]?(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.0{1,4})?")
_MOMENT = re.compile(
    r"(?P<era>令和|平成|R|H)?(?P<year>[0-9]{1,4}|元)[-/.年](?P<month>[0-9]{1,2})[-/.月]"
    r"(?P<day>[0-9]{1,2})日?"
    r"(?:[ T]*(?P<hour>[0-9]{1,2})[:時](?P<minute>[0-9]{2})分?"
    r"(?::?(?P<second>[0-9]{2})(?:\.[0-9]{1,6})?秒?)?)?"
    r" *(?P<zone>Z|[+-][0-9]{2}:?[0-9]{2})?"
)
_COMPACT = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})")
_ERAS = {"令和": 2018, "R": 2018, "平成": 1988, "H": 1988}
_HONORIFIC = re.compile(r"[ \u3000]*(?:様|さま|殿)$")
_EARLIEST_YEAR = 1980


def plain(cell: str) -> str:
    """The cell without the quote that our own rejected file guards formulas with."""
    cell = cell.strip()
    if cell.startswith("'") and cell[1:].startswith(_FORMULA_STARTS):
        cell = cell[1:]
    return cell if cell.isascii() and cell.isprintable() else _cleaned(cell)


@lru_cache(maxsize=20_000)
def _cleaned(cell: str) -> str:
    """Remembered, for the columns of an order are repeated on each of its lines."""
    return " ".join(clean_text(cell).split())


def guarded(cell: str) -> str:
    """The cell so that no spreadsheet takes it for a formula."""
    return f"'{cell}" if cell.startswith(_FORMULA_STARTS) else cell


def words(cell: str, *, limit: int, name: str) -> str:
    """The cell, where it is not too long for its place."""
    if len(cell) > limit:
        raise BadRowError(
            _("%(column)s is longer than %(limit)s characters.")
            % {"column": name, "limit": limit}
        )
    return cell


@lru_cache(maxsize=20_000)
def amount(cell: str, name: str) -> int:
    """Yen: 12800, ¥12,800, １２，８００円, ▲500. Fractions of a yen are refused."""
    text = unicodedata.normalize("NFKC", cell).replace(" ", "")
    text = text.removeprefix("¥").removeprefix("\\").removesuffix("円")
    if text.startswith("-¥"):
        text = "-" + text[2:]
    if not _AMOUNT.fullmatch(text):
        raise BadRowError(
            _("%(column)s is no amount in yen: “%(value)s”.")
            % {"column": name, "value": cell[:40]}
        )
    digits = text.lstrip("-△▲").split(".")[0].replace(",", "")
    if len(digits) > 13 or int(digits) > MAX_AMOUNT:
        raise BadRowError(_("%(column)s is too large.") % {"column": name})
    return int(digits) if text[0].isdigit() else -int(digits)


@lru_cache(maxsize=20_000)
def moment(cell: str, name: str, zone: ZoneInfo) -> datetime:
    """A date with or without a time; without an offset it is the account's time."""
    text = unicodedata.normalize("NFKC", cell)
    compact = _COMPACT.fullmatch(text)
    if compact:
        text = "-".join(compact.groups())
    found = _MOMENT.fullmatch(text)
    try:
        if found is None:
            raise ValueError(text)
        value = _moment_of(found, zone)
    except ValueError as error:
        raise BadRowError(
            _("%(column)s is no date: “%(value)s”.")
            % {"column": name, "value": cell[:40]}
        ) from error
    if value.year < _EARLIEST_YEAR or value > timezone.now() + timedelta(days=366):
        raise BadRowError(
            _("%(column)s is too far away: “%(value)s”.")
            % {"column": name, "value": cell[:40]}
        )
    return value


def _moment_of(found: re.Match[str], zone: ZoneInfo) -> datetime:
    year = 1 if found["year"] == "元" else int(found["year"])
    value = datetime(  # noqa: DTZ001  # the zone follows
        year + _ERAS.get(found["era"] or "", 0),
        int(found["month"]),
        int(found["day"]),
        int(found["hour"] or 0),
        int(found["minute"] or 0),
        int(found["second"] or 0),
    )
    if not found["zone"]:
        return value.replace(tzinfo=zone)
    offset = "+00:00" if found["zone"] == "Z" else found["zone"]
    return datetime.fromisoformat(value.isoformat() + offset)


def person(whole: str, family: str, given: str) -> tuple[str, str]:
    """Family and given name: from two columns, or from one that has a space."""
    if family or given:
        return family, given
    head, _space, rest = _HONORIFIC.sub("", whole).partition(" ")
    return head, rest.strip()
