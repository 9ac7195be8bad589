"""Jobs that send: replies, and that a message was read."""

import structlog
from django.db import InterfaceError, OperationalError
from django.utils import timezone

from agentdesk.jobs.declare import OUTBOUND, Sweep, job
from agentdesk.jobs.queueing import enqueue
from conversations.outbound import deliver as delivering
from conversations.outbound import recover as recovering
from conversations.outbound import send_read_receipt as reading

log = structlog.get_logger(__name__)


def _left_behind() -> list[int]:
    """Replies the broker lost, those to be tried again, and what a dead worker left."""
    now = timezone.now()
    again = recovering.recover_claims(now)
    return [*again, *recovering.replies_left_behind(now)]


@job(queue=OUTBOUND, sweep=Sweep(every=2, rows=_left_behind))
def deliver(pk: int) -> None:
    """Not acknowledged late: a request that may have been made is not made again."""
    try:
        following = delivering.deliver(pk)
    except (OperationalError, InterfaceError):
        raise  # the sweep takes it up
    except Exception as error:
        log.exception("delivery_failed", message=pk)
        recovering.abandon(pk, type(error).__name__)
    else:
        if following is not None:
            enqueue(deliver, following.pk)


@job(queue=OUTBOUND)
def send_read_receipt(pk: int) -> None:
    reading.send_read_receipt(pk)
