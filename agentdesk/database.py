"""Addresses of PostgreSQL and Valkey, and what Django and Celery make of them."""

from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, quote, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured


def embedded_database_url(var: Path) -> str:
    """The private PostgreSQL that `manage.py up` runs, on its Unix socket."""
    return f"postgresql://agentdesk@/agentdesk?host={quote(str(var / 'pg'), safe='')}"


def embedded_redis_url(var: Path) -> str:
    """The private Valkey that `manage.py up` runs, on its Unix socket."""
    return f"unix://{quote(str(var / 'valkey' / 'socket'))}"


def as_broker_url(redis_url: str) -> str:
    """The same server as Celery spells it: redis+socket:// for a Unix socket."""
    if redis_url.startswith("unix://"):
        return "redis+socket" + redis_url.removeprefix("unix")
    return redis_url


def from_url(url: str, *, pool_size: int) -> dict[str, Any]:
    """Django's database settings from a postgresql:// address, with a pool."""
    parts = urlsplit(url)
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
        "PORT": str(parts.port or options.pop("port", "") or ""),
        "CONN_MAX_AGE": 0,
        "OPTIONS": {
            **options,
            "pool": {"min_size": 1, "max_size": pool_size, "timeout": 10},
        },
    }
