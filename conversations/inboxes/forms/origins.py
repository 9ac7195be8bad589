"""Addresses of sites, one a line, as browsers spell them in the Origin header."""

import re
import unicodedata
from ipaddress import ip_address
from urllib.parse import SplitResult, urlsplit

from django import forms
from django.utils.translation import gettext as _

MOST_ORIGINS = 50
_LABEL = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)")
_DEFAULT_PORTS = {"http": 80, "https": 443}
# What frameworks for apps serve an app's own pages from.
_APP_ORIGINS = ("capacitor://localhost", "ionic://localhost", "tauri://localhost")


def read_origins(text: str) -> list[str]:
    """The origins of `text` in their one spelling. Raises ValidationError, a line each."""
    found: list[str] = []
    wrong: list[str] = []
    for number, line in enumerate(text.split("\n"), start=1):
        typed = unicodedata.normalize("NFKC", line).strip()
        if not typed:
            continue
        try:
            found.append(origin_of(typed))
        except ValueError as error:
            wrong.append(
                _("Line %(number)s: %(why)s") % {"number": number, "why": error}
            )
    if len(found) + len(wrong) > MOST_ORIGINS:
        raise forms.ValidationError(
            _("At most %(count)s addresses.") % {"count": MOST_ORIGINS}
        )
    if wrong:
        raise forms.ValidationError(wrong)
    return list(dict.fromkeys(found))


def origin_of(typed: str) -> str:
    """scheme://host[:port] in small letters. Raises ValueError with a sentence."""
    if typed.lower().rstrip("/") in _APP_ORIGINS:
        return typed.lower().rstrip("/")
    try:
        parts = urlsplit(typed)
        port = parts.port
    except ValueError as error:
        raise ValueError(_("this is not an address.")) from error
    if parts.scheme not in _DEFAULT_PORTS:
        raise ValueError(_("begin with https:// (or http:// for tests)."))
    _check_parts(parts)
    host = _host(parts.hostname or "")
    shown = "" if port in {None, _DEFAULT_PORTS[parts.scheme]} else f":{port}"
    origin = f"{parts.scheme}://{host}{shown}"
    if len(origin) > 200:
        raise ValueError(_("this address is too long."))
    return origin


def _check_parts(parts: SplitResult) -> None:
    if parts.username is not None or parts.password is not None:
        raise ValueError(_("leave out the user name and password."))
    if parts.path not in {"", "/"} or parts.query or parts.fragment:
        raise ValueError(_("leave out what follows the host name and port."))


def _host(host: str) -> str:
    if "*" in host:
        raise ValueError(_("wildcards are not possible; name each site."))
    try:
        address = ip_address(host)
    except ValueError:
        return _domain(host)
    return f"[{address}]" if address.version == 6 else str(address)


def _domain(host: str) -> str:
    try:
        name = host.encode("idna").decode().lower().rstrip(".")
    except UnicodeError as error:
        raise ValueError(_("the host name is not valid.")) from error
    labels = name.split(".")
    is_known = len(labels) > 1 or name == "localhost"
    if not is_known or not all(_LABEL.fullmatch(label) for label in labels):
        raise ValueError(_("the host name is not valid."))
    return name
