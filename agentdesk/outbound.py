"""Requests to other machines: whom we may call, and how long we wait.

An address that an admin has typed never reaches private ranges (their own networks,
loopback, the cloud's metadata) unless ALLOW_PRIVATE_ADDRESSES says so. The name is
resolved once, all it stands for is looked at, and the connection goes to what was
looked at: a name that changes its mind in between gains nothing.
"""

import ipaddress
import socket
import ssl
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

import httpcore2
import httpx2
from django.conf import settings

CONNECT_SECONDS = 5.0
READ_SECONDS = 15.0
_NAT64 = ipaddress.ip_network("64:ff9b::/96")


class PrivateAddressError(Exception):
    """The address is, or stands for, one inside a private range."""


def resolved(host: str, port: int) -> list[str]:
    """The IP addresses of `host`, all of which may be called.

    Raises PrivateAddressError, OSError where the name is not known.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except UnicodeError as error:
        raise OSError(f"{host!r} is no name of a host") from error
    addresses = list(dict.fromkeys(str(one[4][0]) for one in found))
    if not settings.ALLOW_PRIVATE_ADDRESSES:
        for address in addresses:
            if not is_public(address):
                raise PrivateAddressError(host)
    return addresses


def is_public(address: str) -> bool:
    ip = ipaddress.ip_address(address.split("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        if ip.ipv4_mapped is not None:
            ip = ip.ipv4_mapped
        elif ip.sixtofour is not None:
            ip = ip.sixtofour
        elif ip in _NAT64:
            ip = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
    return ip.is_global and not ip.is_multicast


class _GuardedBackend(httpcore2.SyncBackend):
    """Connects to what was looked at; the name stays for TLS and the Host header."""

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore2.NetworkStream:
        try:
            addresses = resolved(host, port)
        except OSError as error:
            raise httpcore2.ConnectError(str(error)) from error
        failure: Exception = httpcore2.ConnectError(host)
        for address in addresses[:4]:
            try:
                return super().connect_tcp(
                    address, port, timeout, local_address, socket_options
                )
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout) as error:
                failure = error
        raise failure


@lru_cache(maxsize=1)
def _trusted() -> ssl.SSLContext:
    """The authorities we trust, read once: reading them takes longer than a request."""
    return httpx2.create_ssl_context()


def client(*, is_guarded: bool = True, **options: Any) -> httpx2.Client:
    """An HTTP client that follows no redirect and keeps no cookie.

    Unguarded only for an address that the installation itself has set.
    """
    transport = httpx2.HTTPTransport(retries=0, verify=_trusted())
    if is_guarded:
        transport._pool._network_backend = _GuardedBackend()  # httpx2 has no public way
    return httpx2.Client(
        transport=transport,
        timeout=httpx2.Timeout(READ_SECONDS, connect=CONNECT_SECONDS),
        follow_redirects=False,
        trust_env=False,
        headers={"User-Agent": "Agentdesk"},
        **options,
    )
