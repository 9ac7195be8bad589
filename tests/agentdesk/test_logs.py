"""One readable line for a request, and none of Python's for a refusal."""

import io
import logging
from collections.abc import Iterator

import pytest
from django.urls import reverse


@pytest.fixture
def printed() -> Iterator[io.StringIO]:
    """What the console of the product shows; the tests' own level is higher."""
    root = logging.getLogger()
    handler = next(one for one in root.handlers if one.get_name() == "console")
    output = io.StringIO()
    before, level = handler.setStream(output), root.level
    root.setLevel(logging.INFO)
    yield output
    root.setLevel(level)
    handler.setStream(before)


def test_a_refusal_is_one_readable_line(printed, client_of, agent, account):
    answer = client_of(agent).get(f"/settings/{account.slug}/general/")
    assert answer.status_code == 403
    text = printed.getvalue()
    assert "Traceback" not in text
    assert "403" in text


def test_a_host_that_is_not_ours_is_one_readable_line(printed, client):
    answer = client.get("/accounts/login/", headers={"Host": "elsewhere.example"})
    assert answer.status_code == 400
    text = printed.getvalue()
    assert "Traceback" not in text
    assert "elsewhere.example" in text


def test_a_request_is_one_line(printed, client_of, agent):
    client_of(agent).get(reverse("desk:notifications"))
    lines = [
        line for line in printed.getvalue().splitlines() if "/notifications/" in line
    ]
    assert len(lines) == 1
    assert "request_finished" in lines[0]


def test_a_probe_is_told_only_when_it_goes_wrong(printed, client):
    assert client.get("/livez").status_code == 200
    assert "/livez" not in printed.getvalue()
    assert client.post("/livez").status_code == 405
    assert "POST /livez" in printed.getvalue()


def test_a_failure_keeps_its_traceback(printed):
    try:
        raise LookupError("gone")
    except LookupError:
        logging.getLogger("django.request").exception("failed")
    assert "Traceback" in printed.getvalue()
