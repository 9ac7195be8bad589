"""Sealing all secrets anew with the first CREDENTIAL_KEY, so that older ones may go.

In batches that lock no more than they change; what is sealed by the first key already is
passed over, so a run that was cut off is run again.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from allauth.mfa.models import Authenticator
from django.db import models, transaction

from agentdesk import crypto as credentials
from conversations.models import InboxConnection, WebChatSettings

_BATCH = 200


@dataclass
class Resealed:
    """`lost`: rows that no key opens, named `table:pk`."""

    changed: int
    lost: list[str]


@dataclass(frozen=True)
class _Place:
    """A column of sealed texts; `parts` are the keys of a JSON column, () for a text."""

    model: type[models.Model]
    column: str
    parts: tuple[str, ...] = ()


_PLACES = (
    _Place(InboxConnection, "secrets"),
    _Place(WebChatSettings, "identity_secret"),
    _Place(Authenticator, "data", ("secret", "seed", "migrated_codes")),
)


def reseal_secrets(report: Callable[[str], None] = lambda _line: None) -> Resealed:
    result = Resealed(0, [])
    for place in _PLACES:
        for pks in _batches(place):
            _reseal_batch(place, pks, result)
        report(f"{place.model._meta.db_table}: done")
    return result


def _batches(place: _Place) -> Iterator[list[int]]:
    last = 0
    rows = place.model._default_manager.order_by("pk")
    while pks := list(rows.filter(pk__gt=last).values_list("pk", flat=True)[:_BATCH]):
        yield pks
        last = pks[-1]


@transaction.atomic
def _reseal_batch(place: _Place, pks: list[int], result: Resealed) -> None:
    rows = place.model._default_manager.select_for_update(no_key=True)
    for row in rows.filter(pk__in=pks).order_by("pk"):
        try:
            value = _resealed(getattr(row, place.column), place.parts)
        except credentials.UnsealError:
            result.lost.append(f"{place.model._meta.db_table}:{row.pk}")
            continue
        if value != getattr(row, place.column):
            setattr(row, place.column, value)
            row.save(update_fields=[place.column])
            result.changed += 1


def _resealed(value: Any, parts: tuple[str, ...]) -> Any:
    if isinstance(value, list):
        return [_resealed(one, ()) for one in value]
    if isinstance(value, dict):
        changed = {
            part: _resealed(value[part], ()) for part in parts if value.get(part)
        }
        return {**value, **changed}
    if not value or credentials.is_sealed_by_first(value):
        return value
    return credentials.seal(credentials.unseal(value))
