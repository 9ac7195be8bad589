"""Templates as they are offered while one types, and as their page lists them."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby

import jaconv
from django.db.models import Case, IntegerField, Q, Value, When

from agentdesk.accounts.models import ClientAccount
from conversations.models import Template
from conversations.replies.checks.variables import fill, gist
from customers.people.text import search_key

OFFERED = 20
LONGEST_QUERY = 40
_LATIN = re.compile(r"[0-9a-z_-]+")


@dataclass(frozen=True)
class TemplateRow:
    template: Template
    first: bool
    last: bool

    @property
    def gist(self) -> str:
        return gist(self.template.body)


@dataclass(frozen=True)
class Offer:
    template: Template
    words: str  # the first of them, filled in


@dataclass(frozen=True)
class TemplateFolder:
    path: str  # empty: in no folder
    rows: list[TemplateRow]

    @property
    def name(self) -> str:
        return self.path.replace("/", " › ")


def offered_templates(
    account_id: int, *, channel: str, query: str = ""
) -> list[Template]:
    """By shortcut, then name, then text; the most used first. One query."""
    rows = Template.objects.active().filter(account_id=account_id)
    rows = rows.for_channel(channel)
    key = search_key(query[:LONGEST_QUERY])
    if not key:
        return list(rows.order_by("-uses", "folder", "position", "pk")[:OFFERED])
    rank = Case(
        When(_by_shortcut(key), then=Value(0)),
        When(_any("name_key__startswith", key), then=Value(1)),
        When(_any("name_key__contains", key), then=Value(2)),
        default=Value(3),
        output_field=IntegerField(),
    )
    found = rows.filter(_matching(key)).annotate(rank=rank)
    return list(found.order_by("rank", "-uses", "folder", "position", "pk")[:OFFERED])


def offers(
    found: Iterable[Template], values: Mapping[str, str], locale: str
) -> list[Offer]:
    """With a glance at the text as it would be inserted."""
    return [
        Offer(template, fill(gist(template.body), values, locale)) for template in found
    ]


def template_folders(account: ClientAccount, query: str = "") -> list[TemplateFolder]:
    """Those in use, by folder, in their order; every word of `query` is in them."""
    rows = Template.objects.active().filter(account=account)
    for word in query[:LONGEST_QUERY].split():
        rows = rows.filter(_matching(search_key(word)))
    return [
        TemplateFolder(path, _as_rows(found))
        for path, found in groupby(rows, key=lambda row: row.folder)
    ]


def retired_templates(account: ClientAccount) -> list[Template]:
    return list(Template.objects.filter(account=account, retired_at__isnull=False))


def folder_paths(account: ClientAccount) -> list[str]:
    rows = Template.objects.active().filter(account=account).exclude(folder="")
    return list(rows.order_by("folder").values_list("folder", flat=True).distinct())


def _as_rows(found: Iterable[Template]) -> list[TemplateRow]:
    rows = list(found)
    return [
        TemplateRow(row, first=row is rows[0], last=row is rows[-1]) for row in rows
    ]


def _matching(key: str) -> Q:
    return _by_shortcut(key) | _any("search_key__contains", key)


def _by_shortcut(key: str) -> Q:
    """はいそう finds the shortcut `haisou` as well."""
    latin = jaconv.kana2alphabet(jaconv.kata2hira(key))
    return Q(shortcut__startswith=latin) if _LATIN.fullmatch(latin) else Q(pk=None)


def _any(lookup: str, key: str) -> Q:
    """`haisou` typed without the IME finds はいそう and ハイソウ."""
    found = Q(**{lookup: key})
    if len(key) > 1 and _LATIN.fullmatch(key):
        kana = jaconv.hira2kata(jaconv.alphabet2kana(key))
        found |= Q(**{lookup: kana})
    return found
