"""What each inbox carries by the hour, counted again from what is stored."""

from datetime import UTC, datetime, timedelta
from functools import partial

from django.db import connection, transaction
from django.db.models import Max, Min
from django.utils import timezone

from agentdesk.audit import log
from conversations.models import Inbox, InboxHour
from conversations.routing.silence import WEEKS, silence
from conversations.sweeps.each import act_on_each, items_to_retry

# The hours before the newest are counted again: what was committed late is in them.
_AGAIN = timedelta(hours=1)
_FARTHEST = timedelta(weeks=WEEKS + 1)
_STEP = timedelta(days=1)
# Sooner than this no silence is looked into.
_PATIENCE = timedelta(minutes=15)
_COUNTING, _WATCHING = "hours of a day", "rhythm of an inbox"

_COUNT = """
    insert into conversations_inboxhour as kept
        (inbox_id, hour, received, sent, failed, last_received_at)
    select inbox_id, date_trunc('hour', at, 'UTC'),
        count(*) filter (where what = 'received'),
        count(*) filter (where what = 'sent'),
        count(*) filter (where what = 'failed'),
        max(at) filter (where what = 'received')
    from (
        select inbox_id, created_at as at,
            case when direction = 'inbound' then 'received' else 'sent' end as what
        from conversations_message
        where created_at >= %(begin)s and created_at < %(end)s
            and inbox_id is not null and kind = 'text'
            and (direction = 'inbound' or state in ('sent', 'delivered', 'read'))
        union all
        select inbox_id, settled_at, 'failed' from conversations_delivery
        where state = 'failed' and settled_at >= %(begin)s and settled_at < %(end)s
        union all
        select inbox_id, rang_at, 'received' from conversations_call
        where rang_at >= %(begin)s and rang_at < %(end)s
            and inbox_id is not null and direction = 'inbound'
    ) as happened
    group by 1, 2
    on conflict (inbox_id, hour) do update set
        received = excluded.received, sent = excluded.sent, failed = excluded.failed,
        last_received_at = excluded.last_received_at
"""


def roll_up_hours(now: datetime) -> None:
    """Count on from the newest counted hour, a day at a time; a second run changes nothing."""
    newest = InboxHour.objects.aggregate(newest=Max("hour"))["newest"]
    begin = max((newest or now - _FARTHEST) - _AGAIN, now - _FARTHEST)
    begin = begin.replace(minute=0, second=0, microsecond=0)
    begins = []
    while begin <= now:
        begins.append(int(begin.timestamp()))
        begin += _STEP
    failed_before = items_to_retry(_COUNTING, now)
    act_on_each(_COUNTING, sorted({*begins, *failed_before}), partial(_count, now=now))


@transaction.atomic
def _count(begin_at: int, *, now: datetime) -> None:
    """The day that begins then, in seconds: as a number a failed one is written down."""
    begin = datetime.fromtimestamp(begin_at, tz=UTC)
    end = min(begin + _STEP, now + _AGAIN)
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, {"begin": begin, "end": end})


def watch_rhythm(now: datetime) -> None:
    """Note which open inboxes are silent against their habit, and which no longer."""
    running = {inbox.pk: inbox for inbox in Inbox.objects.running().order_by("pk")}
    act_on_each(
        _WATCHING,
        running,
        lambda pk: _note(running[pk], _silent_since(running[pk], now)),
    )
    for inbox in Inbox.objects.exclude(silent_since=None).order_by("pk"):
        if not inbox.is_active:
            _note(inbox, None)


def _silent_since(inbox: Inbox, now: datetime) -> datetime | None:
    hours = InboxHour.objects.filter(inbox=inbox)
    known = hours.filter(received__gt=0).aggregate(
        last=Max("last_received_at"), first=Min("hour")
    )
    last = known["last"]
    if last is None or now - last < _PATIENCE:
        return None
    received = dict(
        hours.filter(hour__gte=last - _FARTHEST).values_list("hour", "received")
    )
    found = silence(received, last=last, first=known["first"], now=now)
    return last if found.is_suspicious else None


@transaction.atomic
def _note(inbox: Inbox, since: datetime | None) -> None:
    stored = Inbox.objects.select_for_update(no_key=True).get(pk=inbox.pk)
    if stored.silent_since == since:
        return
    stored.silent_since = since
    stored.save(update_fields=["silent_since"])
    action = "inbox.silent" if since else "inbox.heard_again"
    after = {"since": timezone.localtime(since).isoformat()} if since else {}
    log.record(action, stored, actor=None, after=after)
