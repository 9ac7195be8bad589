"""Which parts of the desk are at work: each says so every few seconds.

In Valkey alone: what is emptied there fills again by itself. A worker says so by doing a
task that beat has sent, so that one which is there and takes nothing is missing too.
"""

from collections.abc import Sequence

import redis

from agentdesk.live.valkey import valkey

PARTS = ("worker", "sender", "beat", "mail")
EVERY_SECONDS = 5.0
_ALIVE_SECONDS = 30


def note_alive(part: str) -> None:
    """Without effect while Valkey is away."""
    try:
        with valkey() as client:
            client.set(_key(part), 1, ex=_ALIVE_SECONDS)
    except (redis.RedisError, OSError):
        return


def living_parts() -> Sequence[str]:
    """None of them while Valkey is away: nobody knows."""
    try:
        with valkey() as client:
            values = client.mget([_key(part) for part in PARTS])
    except (redis.RedisError, OSError):
        return []
    return [part for part, value in zip(PARTS, values, strict=True) if value]


def _key(part: str) -> str:
    return f"agentdesk:alive:{part}"
