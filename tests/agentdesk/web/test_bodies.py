"""What Daphne takes in of a request before the application has seen it."""

from types import SimpleNamespace
from typing import Any

import pytest
from daphne.http_protocol import HTTPFactory
from twisted.internet.testing import StringTransport

from agentdesk.web import bodies

FORM = b"Content-Type: multipart/form-data; boundary=x\r\n"
LONGEST = 1000


class FakeServer(SimpleNamespace):
    """A server that only notes down what would have reached the application."""

    def create_application(self, request: Any, scope: dict[str, Any]) -> None:
        self.seen.append((scope["path"], request.content.read()))


@pytest.fixture
def server(monkeypatch):
    monkeypatch.setattr(bodies, "longest_body", lambda: LONGEST)
    return FakeServer(
        seen=[],
        proxy_forwarded_address_header=None,
        root_path="",
        request_buffer_size=8192,
        protocol_connected=lambda protocol: None,
        protocol_disconnected=lambda protocol: None,
    )


@pytest.fixture
def connection(server):
    protocol = HTTPFactory(server).buildProtocol(None)
    transport, later = StringTransport(), []
    protocol.callLater = lambda seconds, call: later.append(call)
    protocol.timeOut = None
    protocol.makeConnection(transport)
    return SimpleNamespace(take=protocol.dataReceived, transport=transport, later=later)


def post(channel: Any, headers: bytes, *pieces: bytes) -> bytes:
    channel.take(b"POST /chat/ HTTP/1.1\r\nHost: a\r\n" + headers + b"\r\n")
    for piece in pieces:
        channel.take(piece)
    return channel.transport.value()


def test_a_body_that_says_how_long_it_is_is_refused_before_it_comes(connection, server):
    response = post(connection, FORM + b"Content-Length: 1001\r\n")
    assert response.startswith(b"HTTP/1.1 413 ")
    connection.take(b"\0" * 500)
    assert not connection.transport.disconnecting
    connection.take(b"\0" * 501)
    assert connection.transport.disconnecting
    assert server.seen == []


def test_a_body_that_does_not_say_so_is_cut_off_where_it_grows_too_long(
    connection, server
):
    chunk = b"1f4\r\n" + b"\0" * 500 + b"\r\n"
    response = post(connection, b"Transfer-Encoding: chunked\r\n", chunk, chunk)
    assert response == b""
    connection.take(chunk)
    assert connection.transport.value().startswith(b"HTTP/1.1 413 ")
    (hang_up,) = connection.later
    hang_up()
    assert connection.transport.disconnecting
    assert server.seen == []


def test_a_body_of_the_greatest_length_goes_on_as_it_came(connection, server):
    body = b"--x\r\nno form at all\r\n" + b"\0" * 979
    assert len(body) == LONGEST
    assert post(connection, FORM + b"Content-Length: 1000\r\n", body) == b""
    assert server.seen == [("/chat/", body)]
