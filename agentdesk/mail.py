"""What Django makes of EMAIL_URL."""

from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured


def from_url(url: str) -> dict[str, Any]:
    """Django's EMAIL_ settings from smtp://user:password@host:587?tls=1 or smtps://…"""
    parts = urlsplit(url)
    if parts.scheme not in {"smtp", "smtps"} or not parts.hostname:
        raise ImproperlyConfigured("EMAIL_URL must begin with smtp:// or smtps://")
    is_wrapped = parts.scheme == "smtps"
    starts_tls = parse_qs(parts.query).get("tls", ["0"])[0] == "1"
    return {
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": parts.port or (465 if is_wrapped else 587 if starts_tls else 25),
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_SSL": is_wrapped,
        "EMAIL_USE_TLS": starts_tls and not is_wrapped,
        "EMAIL_TIMEOUT": 20,
    }
