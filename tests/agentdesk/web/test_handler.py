"""HTTP as it comes from the network: the handler that puts a request into a thread."""

import asyncio

import pytest
from asgiref.testing import ApplicationCommunicator
from django.conf import settings
from django.db import connections

from agentdesk.web.handler import ThreadedHandler


async def answer_to(method: str, path: str, body: bytes = b"", **headers: str):
    """Start and body of the answer, as the network sees them."""
    sent = {"host": "localhost", **headers}
    scope = {
        "type": "http",
        "http_version": "1.1",
        "method": method,
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "headers": [(name.encode(), value.encode()) for name, value in sent.items()],
        "client": ("127.0.0.1", 50_000),
        "server": ("127.0.0.1", 8000),
    }
    there = ApplicationCommunicator(ThreadedHandler(), scope)
    await there.send_input({"type": "http.request", "body": body})
    start = await there.receive_output(20)
    pieces = []
    while True:
        piece = await there.receive_output(20)
        pieces.append(piece.get("body", b""))
        if not piece.get("more_body"):
            await there.wait(20)
            return start, pieces


async def test_a_small_answer_comes_whole():
    start, pieces = await answer_to("GET", "/livez")
    assert (start["status"], b"".join(pieces)) == (200, b"ok\n")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("path", ["/hooks/none/", "/chat/none/session/"])
def test_a_machine_gets_the_headers_of_pages_and_nothing_of_a_session(path):
    start, _pieces = asyncio.run(
        answer_to("POST", path, cookie=f"{settings.SESSION_COOKIE_NAME}=forged")
    )
    names = {name.decode().lower() for name, _value in start["headers"]}
    assert start["status"] == 404
    assert {"x-content-type-options", "content-security-policy"} <= names
    assert {"x-frame-options", "permissions-policy"} <= names
    assert "set-cookie" not in names  # a page would take the forged session away


@pytest.mark.django_db(transaction=True)
def test_an_export_comes_in_pieces_and_leaves_no_connection(admin, client_of):
    cookie = client_of(admin).cookies[settings.SESSION_COOKIE_NAME].value
    token = "a" * 32
    start, pieces = asyncio.run(
        answer_to(
            "POST",
            "/audit/export/",
            cookie=f"{settings.SESSION_COOKIE_NAME}={cookie}; {settings.CSRF_COOKIE_NAME}={token}",
            **{"x-csrftoken": token},
        )
    )
    assert start["status"] == 200
    assert len(pieces) > 1
    assert b"".join(pieces).startswith("\ufeff".encode())
    with connections["default"].cursor() as cursor:
        cursor.execute(
            "select count(*) from pg_stat_activity "
            "where datname = current_database() and state like 'idle in%'"
        )
        assert cursor.fetchone() == (0,)


async def test_a_visitor_who_hangs_up_before_the_end_costs_nothing():
    there = ApplicationCommunicator(
        ThreadedHandler(),
        {"type": "http", "method": "POST", "path": "/livez", "headers": []},
    )
    await there.send_input({"type": "http.request", "body": b"a", "more_body": True})
    await there.send_input({"type": "http.disconnect"})
    await there.wait(20)
    assert await there.receive_nothing()
