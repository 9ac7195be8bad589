"""From the cell of a shop's file to a value: texts, amounts, names. Never guesses."""

import re
import unicodedata
from functools import lru_cache

from django.utils.translation import gettext as _

from customers.imports.base import BadRowError
from customers.people.text import clean_text

MAX_AMOUNT = 10**12
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
_AS_FORMULA = re.compile(
    r'="([^"]*)"'
)  # ="0012", by which Excel leaves the zeros alone
_AMOUNT = re.compile(r"[-△▲]?(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.0{1,4})?")
# What stands beside an amount without changing it.
_BESIDE_AMOUNT = re.compile(
    r"\(?(?:税込価格|税抜価格|税込み|税抜き|税込|税抜|内税|外税|税別)\)?|JPY|円|¥|\\|[-ー]$",
    re.I,
)
_IN_BRACKETS = re.compile(r"\(([0-9,.]+)\)")  # as bookkeepers write what is negative
_MINUS = str.maketrans({"−": "-", "‐": "-", "‑": "-", "–": "-", "—": "-"})
# 1.23457E+15: so a spreadsheet writes a long number, and most of its digits are gone.
_SHORTENED = re.compile(r"[0-9](?:\.[0-9]+)?E\+[0-9]{2,3}")
_HONORIFIC = re.compile(r"[ \u3000]*(?:様|さま|殿)$")


def plain(cell: str) -> str:
    """The cell without what only guards it from a spreadsheet: ="0012", '00077, '+81…"""
    cell = cell.strip()
    if cell.startswith("'") and (
        cell[1:].startswith(_FORMULA_STARTS) or cell[1:2].isdigit()
    ):
        cell = cell[1:]
    elif cell.startswith('="') and (formula := _AS_FORMULA.fullmatch(cell)):
        cell = formula[1].strip()
    return cell if cell.isascii() and cell.isprintable() else _cleaned(cell)


def is_shortened(cell: str) -> bool:
    """Whether many different numbers may have become this one in a spreadsheet."""
    return "E+" in cell and _SHORTENED.fullmatch(cell) is not None


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
    """Yen: ¥12,800, １２，８００円, 1,650円(税込), −500, ▲500. Fractions are refused."""
    text = unicodedata.normalize("NFKC", cell).translate(_MINUS).replace(" ", "")
    text = _IN_BRACKETS.sub(r"-\1", _BESIDE_AMOUNT.sub("", text))
    if not _AMOUNT.fullmatch(text):
        raise BadRowError(
            _("%(column)s is no amount in yen: “%(value)s”.")
            % {"column": name, "value": cell[:40]}
        )
    digits = text.lstrip("-△▲").split(".")[0].replace(",", "")
    if len(digits) > 13 or int(digits) > MAX_AMOUNT:
        raise BadRowError(_("%(column)s is too large.") % {"column": name})
    return int(digits) if text[0].isdigit() else -int(digits)


def person(
    whole: str, family: str, given: str, *, given_first: str = ""
) -> tuple[str, str]:
    """Family and given name: from two columns, or from one that has a space.

    `given_first` is a whole name written the other way about, as Shopify does.
    """
    if family or given:
        return _HONORIFIC.sub("", family), _HONORIFIC.sub("", given)
    is_latin = whole.isascii() and " " in whole
    if (given_first and not whole) or is_latin:
        given, _space, family = _HONORIFIC.sub("", whole or given_first).rpartition(" ")
        return family, given.strip()
    head, _space, rest = _HONORIFIC.sub("", whole).partition(" ")
    return head, rest.strip()
