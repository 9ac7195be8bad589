"""The cache in Valkey, which goes on in this process alone while Valkey is away.

Rate limits still count then, though each process for itself; nobody is locked out.
"""

import time
from collections.abc import Callable
from typing import Any

import structlog
from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

log = structlog.get_logger(__name__)


_QUIET_SECONDS = 60.0


class LastingRedisCache(RedisCache):
    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self._said_at = -_QUIET_SECONDS
        self._meanwhile = LocMemCache("while-valkey-is-away", params)

    def _either(self, name: str, *args: Any, **kwargs: Any) -> Any:
        asked: Callable[..., Any] = getattr(super(), name)
        try:
            return asked(*args, **kwargs)
        except (RedisError, OSError) as error:
            self._say(error)
            return getattr(self._meanwhile, name)(*args, **kwargs)

    def _say(self, error: Exception) -> None:
        if time.monotonic() - self._said_at > _QUIET_SECONDS:
            self._said_at = time.monotonic()
            log.warning("cache_away", error=repr(error))

    def add(self, *args: Any, **kwargs: Any) -> Any:
        return self._either("add", *args, **kwargs)

    def get(self, *args: Any, **kwargs: Any) -> Any:
        return self._either("get", *args, **kwargs)

    def set(self, *args: Any, **kwargs: Any) -> Any:
        return self._either("set", *args, **kwargs)

    def touch(self, *args: Any, **kwargs: Any) -> Any:
        return self._either("touch", *args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> Any:
        return self._either("delete", *args, **kwargs)

    def incr(self, *args: Any, **kwargs: Any) -> Any:
        return self._either("incr", *args, **kwargs)

    def get_many(self, *args: Any, **kwargs: Any) -> Any:
        return self._either("get_many", *args, **kwargs)

    def set_many(self, *args: Any, **kwargs: Any) -> Any:
        return self._either("set_many", *args, **kwargs)

    def delete_many(self, *args: Any, **kwargs: Any) -> Any:
        return self._either("delete_many", *args, **kwargs)

    def has_key(self, *args: Any, **kwargs: Any) -> Any:
        return self._either("has_key", *args, **kwargs)

    def clear(self) -> Any:
        self._meanwhile.clear()
        return self._either("clear")
