"""Requests to other machines: whom we may call, and how long we wait.

An address that an admin has typed never reaches private ranges (their own networks,
loopback, the cloud's metadata) unless ALLOW_PRIVATE_ADDRESSES says so. The name is
resolved once, all it stands for is looked at, and the connection goes to what was
looked at: a name that changes its mind in between gains nothing.

Whoever answers has neither our time nor our memory: an answer that drips, never ends
or unpacks to more than it seems is broken off.
"""

import ipaddress
import socket
import ssl
import time
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import httpcore2
import httpx2
from django.conf import settings

CONNECT_SECONDS = 5.0
READ_SECONDS = 15.0
# A whole conversation, however lively: below the claim of a delivery and of a file.
WHOLE_SECONDS = 110.0
ANSWER_MAX_BYTES = 10 * 1024 * 1024
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
# All that is ever routed in public. Source: IANA, "IPv6 Global Unicast Allocations".
_UNICAST = ipaddress.ip_network("2000::/3")


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
        elif ip not in _UNICAST:
            return False
    return ip.is_global and not ip.is_multicast


@dataclass
class _BoundedStream(httpcore2.NetworkStream):
    """Reads and writes until `ends_at` (time.monotonic), and no more than `left` bytes."""

    stream: httpcore2.NetworkStream
    ends_at: float
    left: int

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        got = self.stream.read(max_bytes, self._seconds(timeout))
        self.left -= len(got)
        if self.left < 0:
            raise httpcore2.ReadError("the answer is too long")
        return got

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self.stream.write(buffer, self._seconds(timeout))

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore2.NetworkStream:
        within = self._seconds(timeout)
        wrapped = self.stream.start_tls(ssl_context, server_hostname, within)
        return _BoundedStream(wrapped, self.ends_at, self.left)

    def close(self) -> None:
        self.stream.close()

    def get_extra_info(self, info: str) -> Any:
        return self.stream.get_extra_info(info)

    def _seconds(self, timeout: float | None) -> float:
        remaining = self.ends_at - time.monotonic()
        if remaining <= 0:
            raise httpcore2.ReadTimeout("the answer takes too long")
        return remaining if timeout is None else min(timeout, remaining)


@dataclass
class _BoundedBackend(httpcore2.SyncBackend):
    seconds: float
    most_bytes: int

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore2.NetworkStream:
        ends_at = time.monotonic() + self.seconds
        stream = super().connect_tcp(host, port, timeout, local_address, socket_options)
        return _BoundedStream(stream, ends_at, self.most_bytes)


class _GuardedBackend(_BoundedBackend):
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


def _refuse_packed(response: httpx2.Response) -> None:
    """A few kilobytes would unpack to gigabytes, in one piece."""
    if response.headers.get("content-encoding", "identity").lower() != "identity":
        raise httpx2.DecodingError("packed, which was not asked for")


def client(
    *,
    is_guarded: bool = True,
    seconds: float | None = None,
    most_bytes: int | None = None,
) -> httpx2.Client:
    """An HTTP client that follows no redirect and keeps no cookie.

    Unguarded only for an address that the installation itself has set. `seconds` and
    `most_bytes` bound a connection, and with it an answer.
    """
    transport = httpx2.HTTPTransport(retries=0, verify=_trusted())
    backend = _GuardedBackend if is_guarded else _BoundedBackend
    pool = transport._pool  # httpx2 has no public way
    pool._network_backend = backend(
        seconds or WHOLE_SECONDS, most_bytes or ANSWER_MAX_BYTES
    )
    return httpx2.Client(
        transport=transport,
        timeout=httpx2.Timeout(READ_SECONDS, connect=CONNECT_SECONDS),
        follow_redirects=False,
        trust_env=False,
        headers={"User-Agent": "Agentdesk", "Accept-Encoding": "identity"},
        event_hooks={"response": [_refuse_packed]},
    )


def file_client(*, is_guarded: bool = True) -> httpx2.Client:
    """One for files that customers have sent, which may be longer than an answer."""
    most_bytes = settings.RECEIVED_FILE_MAX_BYTES + ANSWER_MAX_BYTES
    return client(is_guarded=is_guarded, most_bytes=most_bytes)
