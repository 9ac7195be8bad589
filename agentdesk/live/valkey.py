"""The one client of a process for short questions to Valkey; its pool keeps connections."""

from functools import lru_cache

import redis
from django.conf import settings

_PATIENCE = 1.0  # seconds; nobody waits longer for what may be missing


def valkey() -> "redis.Redis":
    """Raises redis.RedisError or OSError while Valkey is away."""
    return _client(settings.REDIS_URL)


@lru_cache(maxsize=2)
def _client(url: str) -> "redis.Redis":
    return redis.Redis.from_url(
        url,
        decode_responses=True,
        socket_connect_timeout=_PATIENCE,
        socket_timeout=_PATIENCE,
    )
