"""Addresses of PostgreSQL and Valkey, and what Django and Celery make of them."""

from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, quote, unquote, urlsplit

import redis
from django.core.exceptions import ImproperlyConfigured
from redis.backoff import NoBackoff
from redis.retry import Retry

from agentdesk.socket_folder import socket_folder

# Nobody waits longer for a Valkey that is frozen.
PATIENCE_SECONDS = 1.0
# A process that freezes in the middle of a transaction must not keep its rows for ever.
_LET_GO = "-c idle_in_transaction_session_timeout=60s"


def embedded_database_url(var: Path) -> str:
    """The private PostgreSQL that `manage.py up` runs, on its Unix socket."""
    return f"postgresql://agentdesk@/agentdesk?host={quote(str(socket_folder(var) / 'pg'), safe='')}"


def embedded_redis_url(var: Path) -> str:
    """The private Valkey that `manage.py up` runs, on its Unix socket."""
    return f"unix://{quote(str(socket_folder(var) / 'valkey' / 'socket'))}"


def as_broker_url(redis_url: str) -> str:
    """The same server as Celery spells it: redis+socket:// for a Unix socket."""
    if redis_url.startswith("unix://"):
        address = "redis+socket" + redis_url.removeprefix("unix")
        return address.replace("?db=", "?virtual_host=")
    return redis_url


def client_options() -> dict[str, Any]:
    """Of a client of Valkey: a dead connection is replaced, once; a frozen server left."""
    return {
        "socket_connect_timeout": PATIENCE_SECONDS,
        "socket_timeout": PATIENCE_SECONDS,
        "retry": Retry(NoBackoff(), 1, supported_errors=(redis.ConnectionError,)),
    }


def publisher_options() -> dict[str, Any]:
    """Of a connection that only sends tasks: a worker's waits for them as long as it takes."""
    return {
        "socket_connect_timeout": PATIENCE_SECONDS,
        "socket_timeout": PATIENCE_SECONDS,
        "max_retries": 0,
    }


def numbered(redis_url: str, number: int) -> str:
    """The same server, another of its databases."""
    if redis_url.startswith("unix://"):
        return f"{redis_url.partition('?')[0]}?db={number}"
    return urlsplit(redis_url)._replace(path=f"/{number}").geturl()


def from_url(url: str, *, pool_size: int) -> dict[str, Any]:
    """Django's database settings from a postgresql:// address, with a pool."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise ImproperlyConfigured(f"DATABASE_URL is no address: {error}") from None
    if parts.scheme not in {"postgres", "postgresql"}:
        raise ImproperlyConfigured("DATABASE_URL must begin with postgresql://")
    options: dict[str, Any] = dict(parse_qsl(parts.query))
    host = options.pop("host", None) or unquote(parts.hostname or "")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": str(port or options.pop("port", "") or ""),
        "CONN_MAX_AGE": 0,
        # One that died in the pool is replaced before a request meets it.
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {
            "options": _LET_GO,
            **options,
            # What a busy minute has opened is a process of the server each.
            "pool": {
                "min_size": 1,
                "max_size": pool_size,
                "timeout": 10,
                "max_idle": 60,
            },
        },
    }
