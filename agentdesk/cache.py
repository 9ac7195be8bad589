"""The cache in Valkey, which goes on in this process alone while Valkey is away.

What it holds are the counts of the limits on signing in. They still count then, each
process for itself: nobody is locked out, and somebody who guesses passwords has as many
more tries as there are processes, once.
"""

from collections.abc import Callable
from typing import Any

from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

from agentdesk.live.valkey import guard_of


class LastingRedisCache(RedisCache):
    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self._guard = guard_of(server)
        self._meanwhile = LocMemCache("while-valkey-is-away", params)

    def _either(self, name: str, *args: Any, **kwargs: Any) -> Any:
        in_valkey: Callable[..., Any] = getattr(super(), name)
        try:
            with self._guard.asking():
                return in_valkey(*args, **kwargs)
        except (RedisError, OSError):
            return getattr(self._meanwhile, name)(*args, **kwargs)

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
