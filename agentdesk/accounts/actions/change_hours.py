from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from agentdesk.accounts.actions.ordered_row import lock
from agentdesk.accounts.exceptions import SettingRefusedError
from agentdesk.accounts.hours import Week, week_of, written
from agentdesk.accounts.models import ClientAccount, ClosedDay, OpeningHours, User
from agentdesk.accounts.signals import hours_changed
from agentdesk.audit import log
from agentdesk.audit.changes import change_row
from agentdesk.audit.models import AuditEntry

_REMOVED = "closed_day.removed"


@transaction.atomic
def change_hours(
    account: ClientAccount, *, actor: User | None, week: Week, closed_on_holidays: bool
) -> bool:
    """Replace the whole week; False where nothing differs."""
    account = lock(account.pk)
    before, after = written(week_of(account)), written(week)
    if before != after:
        OpeningHours.objects.filter(account=account).delete()
        OpeningHours.objects.bulk_create(
            OpeningHours(account=account, weekday=weekday, opens=opens, closes=closes)
            for weekday, intervals in week.items()
            for opens, closes in intervals
        )
        log.record(
            "hours.changed",
            account,
            actor=actor,
            account_id=account.pk,
            before={"hours": before},
            after={"hours": after},
        )
    switched = change_row(
        account,
        {"closed_on_holidays": closed_on_holidays},
        actor=actor,
        action="hours.holidays",
        account_id=account.pk,
    )
    if is_changed := switched or before != after:
        hours_changed.send(ClientAccount, account=account)
    return is_changed


@transaction.atomic
def add_closed_day(
    account: ClientAccount, *, actor: User | None, day: date, name: str
) -> ClosedDay:
    """Raises SettingRefusedError where that day is closed already."""
    closed, is_new = ClosedDay.objects.get_or_create(
        account=lock(account.pk), day=day, defaults={"name": name}
    )
    if not is_new and closed.name != name:
        raise SettingRefusedError(_("This day is already in the list."), field="day")
    if is_new:
        log.record(
            "closed_day.added",
            closed,
            actor=actor,
            after={"day": day.isoformat(), "name": name},
        )
        hours_changed.send(ClientAccount, account=closed.account)
    return closed


@transaction.atomic
def remove_closed_day(account: ClientAccount, pk: int, *, actor: User | None) -> bool:
    """Also True for a second click, which changes nothing; False where it never was."""
    closed = ClosedDay.objects.filter(account=lock(account.pk), pk=pk).first()
    if closed is None:
        return AuditEntry.objects.filter(
            account=account, action=_REMOVED, target_id=pk
        ).exists()
    log.record(
        _REMOVED,
        closed,
        actor=actor,
        before={"day": closed.day.isoformat(), "name": closed.name},
    )
    closed.delete()
    hours_changed.send(ClientAccount, account=account)
    return True
