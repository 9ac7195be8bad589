"""Limits on what the public may ask of us, counted before any database work.

Fixed windows in Valkey; while it is away, the same windows in this process.
"""

import threading
import time
from dataclasses import dataclass
from functools import lru_cache

import redis
import structlog
from django.conf import settings

log = structlog.get_logger(__name__)

_PAUSE_SECONDS = 5.0  # how long a Valkey that is away is left alone


@dataclass(frozen=True)
class Limit:
    """At most `amount` of something in any window of `seconds`."""

    name: str
    amount: int
    seconds: int


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
_away_until = 0.0


@lru_cache(maxsize=2)
def _client(url: str) -> "redis.Redis":
    return redis.Redis.from_url(url, socket_connect_timeout=1, socket_timeout=1)


def retry_after(limit: Limit, who: str) -> int:
    """Count one by `who`: 0 where it is allowed, else the seconds until it will be."""
    now = time.time()
    window = int(now // limit.seconds)
    if _count(limit, who, window) <= limit.amount:
        return 0
    return max(1, int((window + 1) * limit.seconds - now + 0.999))


def _count(limit: Limit, who: str, window: int) -> int:
    global _away_until  # one switch for the process
    if time.monotonic() < _away_until:
        return _local.count(limit, who, window)
    key = f"agentdesk:limit:{limit.name}:{who}:{window}"
    try:
        with _client(settings.REDIS_URL).pipeline(transaction=False) as pipe:
            pipe.incr(key)
            pipe.expire(key, limit.seconds + 1)
            amount, _expiry = pipe.execute()
    except (redis.RedisError, OSError) as error:
        _away_until = time.monotonic() + _PAUSE_SECONDS
        log.warning("limits_are_local", error=str(error))
        return _local.count(limit, who, window)
    return int(amount)
