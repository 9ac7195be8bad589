"""How signals travel through Valkey: one channel for all of them, several a message.

Every web process has one subscription and knows itself which of its sockets watch what:
watching a topic asks Valkey nothing.
"""

import json
from collections.abc import Iterable
from typing import NamedTuple

from django.conf import settings
from redis.asyncio.connection import parse_url

Ids = dict[str, int | str]


class Signal(NamedTuple):
    """What happened (`kind`) to what is watched (`topic`), with ids and nothing else."""

    topic: str
    kind: str
    ids: str  # JSON

    def frame(self, *, with_topic: bool) -> bytes:
        """As a client reads it; alone it is a whole frame, several stand in a list."""
        topic = f'"topic":{json.dumps(self.topic)},' if with_topic else ""
        return f'{{"kind":{json.dumps(self.kind)},{topic}"ids":{self.ids}}}'.encode()


def signal(topic: str, kind: str, ids: Ids) -> Signal:
    return Signal(topic, kind, json.dumps(ids, separators=(",", ":")))


def channel() -> str:
    """Channels belong to no database of a Valkey, so its number is part of the name."""
    return f"agentdesk:signals:{parse_url(settings.REDIS_URL).get('db', 0)}"


def pack(signals: Iterable[Signal]) -> str:
    return "\n".join("\t".join(one) for one in signals)


def unpack(message: bytes) -> list[Signal]:
    lines = message.decode().split("\n")
    return [Signal(*line.split("\t", 2)) for line in lines]
