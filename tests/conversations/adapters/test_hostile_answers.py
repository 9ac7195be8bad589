"""A provider, or who stands in its place, that answers to harm us: a true state, soon."""

import gzip
import json
import time

import pytest

from agentdesk import http_client as outbound
from conversations.choices import DeliveryState, FileState
from conversations.models import Attachment, Message
from tests.conversations.hostile import HostileServer
from tests.conversations.outbound.test_deliver import reply
from tests.conversations.providers import PROVIDERS, line

pytestmark = pytest.mark.django_db(transaction=True)
OVER_HTTP = ("instagram", "line", "messenger", "sms", "whatsapp", "x")
_JSON = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
_PACKED = gzip.compress(b'{"a": "' + b" " * 1_000_000 + b'"}')
ANSWERS = {
    "a page in between": _JSON + b"Content-Length: 6\r\n\r\n<html>",
    "a list": _JSON + b"Content-Length: 2\r\n\r\n[]",
    "a redirect": b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\n"
    b"Content-Length: 2\r\n\r\n{}",
    "nesting": _JSON + b"Content-Length: 200000\r\n\r\n" + b"[" * 200_000,
    "torn": _JSON + b'Content-Length: 10\r\n\r\n{"a": ',
    "no HTTP": b"SSH-2.0-OpenSSH_9.2\r\n",
    "packed": _JSON
    + b"Content-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(_PACKED)
    + _PACKED,
}


@pytest.fixture
def server(settings):
    with HostileServer() as server:
        settings.SIMULATOR_URL = f"http://127.0.0.1:{server.port}"
        yield server


@pytest.fixture
def conversation(channel, server, account, queue):
    inbox = PROVIDERS[channel].connected(account, queue, api=True)
    PROVIDERS[channel].post(inbox, PROVIDERS[channel].write("届きません"))
    return Message.objects.get(kind="text").conversation


def is_marked_sent() -> bool:
    """Or still on its way, with nobody left to bring it there."""
    state = Message.objects.get(kind="text", direction="outbound").state
    may_be = {DeliveryState.UNKNOWN, DeliveryState.QUEUED, DeliveryState.FAILED}
    return state not in may_be


@pytest.mark.parametrize("what", ANSWERS)
@pytest.mark.parametrize("channel", OVER_HTTP)
def test_what_is_no_answer_of_the_provider_is_no_sent_reply(
    channel, server, conversation, agent, what
):
    server.answer = ANSWERS[what]
    assert reply(agent, conversation).status_code == 201
    assert not is_marked_sent()


@pytest.mark.parametrize("channel", ["line", "sms"])
@pytest.mark.parametrize("head", [b"", _JSON, _JSON + b"\r\n"])
def test_an_answer_that_drips_is_broken_off(
    channel, server, conversation, agent, head, monkeypatch
):
    monkeypatch.setattr(outbound, "WHOLE_SECONDS", 0.5)
    server.answer, server.drip, server.pause = head, b"x", 0.02
    began = time.monotonic()
    assert reply(agent, conversation).status_code == 201
    assert time.monotonic() - began < 10
    assert not is_marked_sent()


@pytest.mark.parametrize("channel", ["line", "sms"])
def test_an_answer_without_end_is_not_kept_in_memory(
    channel, server, conversation, agent, monkeypatch
):
    monkeypatch.setattr(outbound, "ANSWER_MAX_BYTES", 1_000_000)
    server.answer, server.drip = _JSON + b"\r\n", b"x" * 65536
    assert reply(agent, conversation).status_code == 201
    assert not is_marked_sent()


@pytest.mark.parametrize("encoding", ["gzip", "br", "zstd"])
def test_a_customers_file_that_unpacks_without_end_is_not_unpacked(
    account, queue, server, encoding
):
    """On LINE a file may lie at an address that the customer has chosen."""
    inbox = line.PROVIDER.connected(account, queue, api=True)
    head = f"HTTP/1.1 200 OK\r\nContent-Encoding: {encoding}\r\n".encode()
    server.answer = head + b"Content-Length: %d\r\n\r\n" % len(_PACKED) + _PACKED
    place = f"http://127.0.0.1:{server.port}/a.jpg"
    provider = {"type": "external", "originalContentUrl": place}
    image = {"type": "image", "id": "7", "contentProvider": provider}
    line.PROVIDER.post(inbox, line.body_of(line.event(message=image)))
    attachment = Attachment.objects.get()
    assert (attachment.state, attachment.size) == (FileState.WAITING, 0)
    assert attachment.attempts == 1


def test_a_customers_file_that_drips_lets_the_worker_go(
    account, queue, server, monkeypatch
):
    monkeypatch.setattr(outbound, "WHOLE_SECONDS", 0.5)
    inbox = line.PROVIDER.connected(account, queue, api=True)
    server.answer = b"HTTP/1.1 200 OK\r\n\r\n"
    server.drip, server.pause = b"x", 0.02
    place = f"http://127.0.0.1:{server.port}/a.jpg"
    provider = {"type": "external", "originalContentUrl": place}
    image = {"type": "image", "id": "7", "contentProvider": provider}
    body = json.loads(line.body_of(line.event(message=image)))
    line.PROVIDER.post(inbox, json.dumps(body).encode())
    assert Attachment.objects.get().state == FileState.WAITING
