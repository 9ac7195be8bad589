"""Order, retirement and return of the things an account defines for itself."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from agentdesk.accounts.models import ClientAccount, User
from agentdesk.accounts.ordering import moved, placed, save_order
from agentdesk.audit import log


def next_position(account: ClientAccount, model: Any) -> int:
    """The end of the list; to be called with the account locked."""
    last = model.objects.filter(account=account).order_by("position").last()
    return last.position + 1 if last else 0


def lock(account_id: int) -> ClientAccount:
    """Hold the account, so that two people order its lists one after the other."""
    return ClientAccount.objects.select_for_update(no_key=True).get(pk=account_id)


@transaction.atomic
def move_row(row: Any, *, actor: User | None, kind: str, step: int) -> None:
    """One of `ranks`, `attributes` … some places up (negative) or down."""
    lock(row.account_id)
    ids = _active_ids(row)
    if row.pk in ids:
        _order(row, ids, moved(ids, row.pk, step), actor=actor, kind=kind)


@transaction.atomic
def place_row(
    row: Any, *, actor: User | None, kind: str, target: int, after: bool
) -> None:
    """Put the row before or after another one of its account."""
    lock(row.account_id)
    ids = _active_ids(row)
    if row.pk in ids and target in ids:
        ordered = placed(ids, row.pk, target, after=after)
        _order(row, ids, ordered, actor=actor, kind=kind)


@transaction.atomic
def retire_row(row: Any, *, actor: User | None, kind: str) -> None:
    """Offer it no longer; what has it keeps it."""
    lock(row.account_id)
    row.refresh_from_db()
    if row.retired_at is None:
        row.retired_at = timezone.now()
        row.save(update_fields=["retired_at"])
        log.record(f"{kind}.retired", row, actor=actor)


@transaction.atomic
def restore_row(row: Any, *, actor: User | None, kind: str) -> None:
    """Offer it again, at the end of the list."""
    account = lock(row.account_id)
    row.refresh_from_db()
    if row.retired_at is not None:
        row.retired_at = None
        row.position = next_position(account, type(row))
        row.save(update_fields=["retired_at", "position"])
        log.record(f"{kind}.restored", row, actor=actor)


def _active_ids(row: Any) -> list[int]:
    rows = type(row).objects.filter(account_id=row.account_id, retired_at=None)
    return [found.pk for found in rows]


def _order(
    row: Any, before: list[int], after: list[int], *, actor: User | None, kind: str
) -> None:
    save_order(type(row).objects.all(), after)
    if before != after:
        log.record(
            f"{kind}.moved",
            row,
            actor=actor,
            before={"place": before.index(row.pk) + 1},
            after={"place": after.index(row.pk) + 1},
        )
