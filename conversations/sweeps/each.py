"""Walking over many rows so that one that fails holds back none of the others.

Every sweep, roll-up and batch that takes rows in their order goes through here.
"""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

import structlog
from django.db import (
    InterfaceError,
    OperationalError,
    connection,
    transaction,
)
from django.db.models import QuerySet
from django.utils import timezone

from conversations.models import FailedItem

log = structlog.get_logger(__name__)

_FIRST_PAUSE = 5  # seconds, four times as long after each further failure
_LONGEST_PAUSE = 24 * 3600
_MOST_ATTEMPTS = 30_000  # what the column holds


def act_on_each(
    work: str, items: Iterable[int], act: Callable[[int], object]
) -> list[int]:
    """Call `act` with each key; those it succeeded for.

    What raises is written down in `FailedItem` and logged; selections leave it out
    with `resting_items` until its pause is over. Raises only where the database is
    away: then nothing else would succeed either.
    """
    succeeded, before = [], _failed_before(work)
    for item in items:
        try:
            act(item)
        except Exception as error:
            if is_away(error):
                raise
            log.exception("item_failed", work=work, item=item)
            record_failure(work, item, error)
        else:
            succeeded.append(item)
            if item in before:
                clear_failure(work, item)
    return succeeded


def act_apart(*steps: Callable[[], object]) -> None:
    """Call each, though one before it failed. Raises the first failure afterwards."""
    failures: list[Exception] = []
    for step in steps:
        try:
            step()
        except Exception as error:
            log.exception("step_failed", count=len(failures))
            failures.append(error)
    if failures:
        raise failures[0]


def resting_items(work: str, now: datetime) -> QuerySet[FailedItem, int]:
    """Keys that are not to be tried yet, as a subquery."""
    rows = FailedItem.objects.filter(work=work, retry_at__gt=now)
    return rows.values_list("item", flat=True)


def items_to_retry(work: str, now: datetime) -> list[int]:
    """Keys whose pause is over, for walks that would not meet them again."""
    rows = FailedItem.objects.filter(work=work, retry_at__lte=now)
    return list(rows.order_by("retry_at").values_list("item", flat=True)[:100])


@transaction.atomic
def record_failure(work: str, item: int, error: Exception) -> None:
    now = timezone.now()
    row, _is_new = FailedItem.objects.select_for_update(no_key=True).get_or_create(
        work=work, item=item, defaults={"retry_at": now}
    )
    pause = min(_FIRST_PAUSE * 4 ** min(row.attempts, 10), _LONGEST_PAUSE)
    row.attempts = min(row.attempts + 1, _MOST_ATTEMPTS)
    row.reason = reason_of(error)
    row.retry_at = now + timedelta(seconds=pause)
    row.save(update_fields=["attempts", "reason", "retry_at"])


def clear_failure(work: str, item: int) -> None:
    FailedItem.objects.filter(work=work, item=item).delete()


def reason_of(error: Exception) -> str:
    """The error in one line that every column holds."""
    text = f"{type(error).__name__}: {error}".replace("\0", "")
    return text.encode("utf-8", "replace").decode()[:300]


def is_away(error: Exception) -> bool:
    """The database has gone, rather than refused something."""
    raw = connection.connection
    is_gone = raw is None or raw.closed
    return isinstance(error, (OperationalError, InterfaceError)) and is_gone


def _failed_before(work: str) -> set[int]:
    return set(FailedItem.objects.filter(work=work).values_list("item", flat=True))
