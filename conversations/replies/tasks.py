"""Jobs of replies: those that were scheduled leave when it is time."""

import structlog
from django.db import InterfaceError, OperationalError
from django.utils import timezone

from agentdesk.jobs.declare import Sweep, job
from agentdesk.jobs.queueing import enqueue
from conversations.choices import DeliveryState
from conversations.outbound.tasks import deliver
from conversations.replies.actions import send_scheduled as sending

log = structlog.get_logger(__name__)


def _due() -> list[int]:
    return sending.scheduled_due(timezone.now())


@job(sweep=Sweep(every=5, rows=_due))
def send_scheduled(pk: int) -> None:
    try:
        message = sending.send_due(pk)
    except (OperationalError, InterfaceError):
        raise  # the sweep takes it up
    except Exception:
        log.exception("scheduled_reply_failed", scheduled=pk)
        sending.give_up(pk)
    else:
        if message is not None and message.state == DeliveryState.QUEUED:
            enqueue(deliver, message.pk)
