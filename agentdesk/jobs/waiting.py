"""Which runs wait in a queue, so that none waits twice.

In Valkey, each for a bounded time: a key that is lost costs one run more, which changes
nothing, and one that outlives its message delays the next run by no more than that time.
"""

from collections.abc import Iterable, Sequence
from contextlib import suppress

import redis

from agentdesk.jobs.registry import declaration_of, is_job
from agentdesk.live.valkey import valkey


def note_waiting(
    name: str, runs: Sequence[tuple[int, ...]], seconds: float
) -> list[tuple[int, ...]] | None:
    """Those that did not wait yet, noted as waiting. None while Valkey is away."""
    if not runs:
        return []
    milliseconds = int(seconds * 1000)
    try:
        with valkey() as client, client.pipeline(transaction=False) as pipe:
            for ids in runs:
                pipe.set(_key(name, ids), 1, nx=True, px=milliseconds)
            noted = pipe.execute()
    except (redis.RedisError, OSError):
        return None
    return [ids for ids, is_new in zip(runs, noted, strict=True) if is_new]


def stop_waiting(name: str, ids: Iterable[int]) -> None:
    """It begins: what is started from now on is another run."""
    with suppress(redis.RedisError, OSError), valkey() as client:
        client.delete(_key(name, tuple(ids)))


def begin_run(name: str, ids: Iterable[int]) -> None:
    """A worker takes it up. One that has to wait for its turn still stands for others."""
    if is_job(name) and not declaration_of(name).is_one_at_a_time:
        stop_waiting(name, ids)


def _key(name: str, ids: tuple[int, ...]) -> str:
    return f"waiting:{name}:{','.join(map(str, ids))}"
