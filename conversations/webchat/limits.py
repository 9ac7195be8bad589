"""Limits on what the public may ask of us, counted before any database work.

Fixed windows in Valkey; while it is away, the same windows in this process. So they
neither open (a flood would come through) nor close (customers would be locked out): with
n processes an address may have up to n times the amount, for as long as Valkey is away.
"""

import threading
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import redis

from agentdesk.live.valkey import valkey


@dataclass(frozen=True)
class Limit:
    """At most `amount` of something in any window of `seconds`."""

    name: str
    amount: int
    seconds: int


Window = tuple[Limit, str, int]

# Many people stand behind one address of an office or a phone carrier.
ADDRESS_REQUESTS = Limit("address-requests", 400, 10)
ADDRESS_VISITORS = Limit("address-visitors", 120, 60)
ADDRESS_MESSAGES = Limit("address-messages", 150, 10)
ADDRESS_FILES = Limit("address-files", 60, 60)
ADDRESS_SOCKETS = Limit("address-sockets", 300, 60)
VISITOR_MESSAGES = Limit("visitor-messages", 30, 10)
VISITOR_FILES = Limit("visitor-files", 10, 60)
VISITOR_CODES = Limit("visitor-codes", 10, 600)
VISITOR_SIGNALS = Limit("visitor-signals", 60, 10)
SOCKETS_AT_ONCE = 100  # of one address, in one process


class LocalWindows:
    """The same counting in this process alone."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._counts: dict[tuple[str, str], tuple[int, int]] = {}

    def count(self, limit: Limit, who: str, window: int) -> int:
        with self._lock:
            if len(self._counts) > 50_000:
                self._counts.clear()
            began, amount = self._counts.get((limit.name, who), (window, 0))
            amount = amount + 1 if began == window else 1
            self._counts[limit.name, who] = (window, amount)
            return amount


_local = LocalWindows()


def retry_after(limit: Limit, who: str) -> int:
    """Count one by `who`: 0 where it is allowed, else the seconds until it will be."""
    return longest_wait([(limit, who)])


def longest_wait(counted: Iterable[tuple[Limit, str]]) -> int:
    """The same for several limits at once, in one round trip: the longest wait."""
    now = time.time()
    windows = [(limit, who, int(now // limit.seconds)) for limit, who in counted]
    waits = [
        max(1, int((window + 1) * limit.seconds - now + 0.999))
        for (limit, _who, window), amount in zip(windows, _count(windows), strict=True)
        if amount > limit.amount
    ]
    return max(waits, default=0)


def _count(windows: Sequence[Window]) -> list[int]:
    try:
        with valkey() as client, client.pipeline(transaction=False) as pipe:
            for limit, who, window in windows:
                key = f"agentdesk:limit:{limit.name}:{who}:{window}"
                pipe.incr(key)
                pipe.expire(key, limit.seconds + 1)
            return [int(amount) for amount in pipe.execute()[::2]]
    except (redis.RedisError, OSError):
        return [_local.count(*window) for window in windows]
