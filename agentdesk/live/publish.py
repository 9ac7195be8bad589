"""Telling open screens that something changed: after commit, ids and kinds only."""

import structlog
from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer
from django.db import transaction
from redis.exceptions import RedisError

log = structlog.get_logger(__name__)

Ids = dict[str, int | str]


def group_name(topic: str) -> str:
    """A topic ("conversation:12") as the channel layer spells its groups."""
    return topic.replace(":", ".")


def publish(topic: str, kind: str, **ids: int | str) -> None:
    """Send the signal `kind` to every screen that watches `topic`, after commit.

    At most once and best effort: a screen that missed it re-reads after reconnecting.
    """

    def send() -> None:  # not a partial: Django names a failed hook by __qualname__
        send_now(topic, kind, ids)

    transaction.on_commit(send, robust=True)


def send_now(topic: str, kind: str, ids: Ids) -> None:
    """The same outside any transaction. A layer that is away is logged, never raised."""
    message = {"type": "signal", "topic": topic, "kind": kind, "ids": ids}
    try:
        async_to_sync(get_channel_layer().group_send)(group_name(topic), message)
    except (RedisError, OSError) as error:
        log.warning("layer_away", topic=topic, kind=kind, error=str(error))
