"""Typed readers of environment variables; a bad value stops the start."""

import contextlib
import os
import secrets
import tempfile
from pathlib import Path
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured


def text(name: str, default: str = "") -> str:
    return os.environ.get(name, default).strip()


def flag(name: str, *, default: bool = False) -> bool:
    """True for 1/true/yes/on, False for 0/false/no/off and the empty string."""
    value = text(name, "1" if default else "0").lower()
    if value in {"1", "true", "yes", "on"}:
        return True
    if value in {"0", "false", "no", "off", ""}:
        return False
    raise ImproperlyConfigured(f"{name} must be 1 or 0, not {value!r}")


def number(name: str, default: int) -> int:
    value = text(name, str(default))
    try:
        return int(value)
    except ValueError:
        raise ImproperlyConfigured(
            f"{name} must be a whole number, not {value!r}"
        ) from None


def words(name: str, default: str = "") -> list[str]:
    """A comma-separated list."""
    return [word.strip() for word in text(name, default).split(",") if word.strip()]


def cookie_suffix(public_url: str) -> str:
    """What tells the cookies of two installations on one host apart: their port.

    Browsers keep cookies by host name, whatever the port. PORT is that of `manage.py up`.
    """
    try:
        port = urlsplit(public_url).port if public_url else _own_port()
    except ValueError as error:
        raise ImproperlyConfigured(f"PUBLIC_URL is no address: {error}") from None
    return f"_{port}" if port else ""


def _own_port() -> int | None:
    given = text("PORT") or "8000"
    return int(given) if given.isdecimal() else None


def secret(name: str, file: Path, *, generate: bool) -> str:
    """The variable, or what stands in `file`; made there once where `generate`.

    Raises ImproperlyConfigured where there is neither and none may be made.
    """
    value = text(name)
    if value:
        return value
    try:
        if not file.is_file():
            if not generate:
                raise ImproperlyConfigured(f"Set {name}: a long random text.")
            _make_secret(file)
        return file.read_text(encoding="ascii").strip()
    except OSError as error:
        raise ImproperlyConfigured(
            f"{file} cannot be made or read ({error.strerror}): see to its folder, or "
            "set AGENTDESK_VAR to another one."
        ) from error


def _make_secret(file: Path) -> None:
    """Whole or not at all, and the first of two that make it at once wins."""
    file.parent.mkdir(parents=True, exist_ok=True)
    handle, fresh = tempfile.mkstemp(dir=file.parent, prefix=file.name)
    try:
        with os.fdopen(handle, "w", encoding="ascii") as target:
            target.write(secrets.token_urlsafe(48))
        with contextlib.suppress(FileExistsError):
            os.link(fresh, file)
    finally:
        Path(fresh).unlink()
