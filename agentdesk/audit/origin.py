"""The network address behind the change being made, kept for the length of a request."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from ipaddress import IPv6Address, ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest

_address: ContextVar[str | None] = ContextVar("audit_address", default=None)


def current_address() -> str | None:
    return _address.get()


@contextmanager
def acting_from(address: str | None) -> Iterator[None]:
    token = _address.set(address)
    try:
        yield
    finally:
        _address.reset(token)


def client_address(remote: str | None, forwarded_for: str) -> str | None:
    """The client's address, believing as many X-Forwarded-For entries as we have proxies."""
    hops = [hop.strip() for hop in forwarded_for.split(",") if hop.strip()]
    trusted = settings.TRUSTED_PROXIES
    candidate = hops[-trusted] if trusted and len(hops) >= trusted else remote
    try:
        return str(ip_address(candidate or ""))
    except ValueError:
        return None


def address_group(address: str | None) -> str:
    """What limits count by: whoever has one address of an IPv6 /64 has all of them."""
    if address is None:
        return "unknown"
    ip = ip_address(address)
    if not isinstance(ip, IPv6Address):
        return str(ip)
    if ip.ipv4_mapped is not None:
        return str(ip.ipv4_mapped)
    return str(ip_network((ip, 64), strict=False))


def request_address(request: HttpRequest) -> str | None:
    return client_address(
        request.META.get("REMOTE_ADDR"), request.headers.get("X-Forwarded-For", "")
    )
