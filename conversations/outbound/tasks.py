"""Jobs that send: replies, and that a message was read."""

from celery import shared_task
from django.db import InterfaceError, OperationalError
from django.utils import timezone

from agentdesk.jobs import enqueue, sweep
from conversations.actions import deliver as delivering
from conversations.actions import recover_deliveries as recovering
from conversations.actions import tell_read as reading


@shared_task
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


@shared_task
def sweep_deliveries() -> None:
    """Replies the broker lost, those to be tried again, and what a dead worker left."""
    now = timezone.now()
    again = recovering.recover_claims(now)
    sweep(deliver, [*again, *recovering.replies_left_behind(now)])


@shared_task
def tell_read(pk: int) -> None:
    reading.tell_read(pk)
