"""What a template may name in double braces, and how it is filled in.

Plain substitution of a fixed list: what admins write is never run as a program.
Both spellings of a variable are part of what is stored in templates, so neither is
translated through a catalog: `{{customer.name}}` and `{{お客様名}}` are the same.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from conversations.replies.checks.blanks import blank


@dataclass(frozen=True)
class Variable:
    key: str
    japanese: str
    help: str | Promise

    def written(self, locale: str) -> str:
        """As it is put into a template of an account of that language."""
        return f"{{{{{self.japanese if locale == 'ja' else self.key}}}}}"

    def gap(self, locale: str) -> str:
        """What stands in the text where nothing is known."""
        label = self.japanese if locale == "ja" else self.key.replace(".", " ")
        return blank(label.replace("_", " "), locale)


VARIABLES = (
    Variable("customer.name", "お客様名", _("Full name, in Japanese with 様")),
    Variable("customer.family_name", "お客様姓", _("Family name, in Japanese with 様")),
    Variable("customer.kana", "お客様カナ", _("Reading of the name")),
    Variable("order.number", "注文番号", _("Number of the order")),
    Variable("order.status", "注文状況", _("Status of the order")),
    Variable("order.placed_on", "注文日", _("Day of the order")),
    Variable("order.total", "注文金額", _("Total of the order, tax included")),
    Variable("order.carrier", "配送業者", _("Carrier of the parcel")),
    Variable("order.tracking", "追跡番号", _("Tracking number of the parcel")),
    Variable("order.tracking_url", "追跡ページ", _("The carrier's page of the parcel")),
    Variable("agent.name", "担当者名", _("Your full name")),
    Variable("agent.family_name", "担当者姓", _("Your family name")),
    Variable("inquiry.reference", "受付番号", _("Reference of the inquiry")),
    Variable("account.name", "会社名", _("Name of the client company")),
    Variable("account.phone", "会社電話番号", _("Its telephone number")),
    Variable("today", "今日", _("Today's date")),
    Variable("greeting", "あいさつ", _("Greeting by the time of day")),
)
_BY_NAME = {v.key: v for v in VARIABLES} | {v.japanese: v for v in VARIABLES}
_IN_BRACES = re.compile(r"[{｛]{2}\s*([^{}｛｝\n]*?)\s*[}｝]{2}")
_HONORIFIC = re.compile(r"[ 　]*(?:様|さま|さん|殿)")
_LEFT_BRACES = re.compile(r"[{｛]{2}|[}｝]{2}")


def unknown_variables(body: str) -> list[str]:
    """What stands in double braces and is no variable, as it was written."""
    found = [
        match[0] for match in _IN_BRACES.finditer(body) if _variable(match[1]) is None
    ]
    rest = _LEFT_BRACES.search(_IN_BRACES.sub("", body))
    return list(dict.fromkeys([*found, *([rest[0]] if rest else [])]))


def fill(body: str, values: Mapping[str, str], locale: str) -> str:
    """`body` with the values of its variables; a gap to fill in where there is none.

    An honorific behind a name that has one is not said twice.
    """
    parts, done = [], 0
    for match in _IN_BRACES.finditer(body):
        variable = _variable(match[1])
        parts.append(body[done : match.start()])
        done = match.end()
        if variable is None:
            parts.append(match[0])
            continue
        value = values.get(variable.key) or variable.gap(locale)
        twice = _HONORIFIC.match(body, done) if value.endswith("様") else None
        done = twice.end() if twice else done
        parts.append(value)
    return "".join([*parts, body[done:]])


def gist(body: str) -> str:
    """`body` on one line, without the lines that are nothing but variables."""
    lines = (line.strip() for line in body.split("\n"))
    return " ".join(line for line in lines if line and _IN_BRACES.sub("", line))


def _variable(name: str) -> Variable | None:
    return _BY_NAME.get(unicodedata.normalize("NFKC", name).strip().lower())
