"""No process's log shows a one-time token, or whom somebody looks for."""

import json
import logging
import re
from pathlib import Path

import pytest
import structlog
from django.db import DataError, IntegrityError, connection
from django.urls import reverse

from agentdesk.accounts.invitations import new_token
from agentdesk.accounts.models import User
from agentdesk.log_masking import mask_event, masked
from tests.agentdesk.test_logs import printed as printed  # the fixture

ROOT = Path(__file__).parent.parent.parent
TOKEN = "zX3kq9_-Lm2Vw8Rt5Yb7Nc1Df4Gh6Jk0PqSuIoAe2s4"
SECRETS = [TOKEN, "山田花子", "09012345678", "hanako@example.jp", "%E5%B1%B1"]


@pytest.mark.parametrize(
    "line",
    [
        f"GET /invitation/{TOKEN}/",
        f"GET /invitation/{TOKEN}",
        f"GET /setup/{TOKEN}).",
        f"GET /accounts/password/reset/key/1a-{TOKEN}/",
        f"Internal Server Error: /hooks/files/{TOKEN}:1abc:{TOKEN}/",
        "GET /customers/?q=09012345678&page=2 HTTP/1.1",
        "GET /palette/?q=%E5%B1%B1%E7%94%B0 200",
        "no such customer: 山田花子",
        "SMS to +81 90-1234-5678 failed",
        "called ０９０ー１２３４ー５６７８",
        "refused: hanako@example.jp",
        "duplicate key value\nDETAIL:  Key (value)=(09012345678) already exists.",
        "DataError('invalid input syntax for type bigint: \"x y\"\\nLINE 1: select x y')",
        "value [type=string_type, input_value='x y', input_type=str]",
    ],
)
def test_what_a_line_must_not_show(line):
    shown = masked(line)
    for secret in [*SECRETS, TOKEN[8:], "1234", "１２３４", "x y"]:
        assert secret not in shown


@pytest.mark.parametrize(
    "line",
    [
        "GET /settings/kogane/people/12/help/",
        "POST /conversations/1234567/reply/",
        "2026-11-30 14:08:54.123+09:00 [info] request_finished",
        "connection to 192.168.10.20:5432 failed after 0.123456789012 s",
        "conversations.inbound.tasks.process_inbox ids=(104233, 88)",
        'File "/app/conversations/actions/receive_event.py", line 120, in receive',
        "GET /livez 127.0.0.1 Why? = because",
    ],
)
def test_what_a_line_goes_on_showing(line):
    assert masked(line) == line


@pytest.mark.django_db
def test_the_line_of_a_request_has_no_token_and_no_searched_name(
    printed, client, client_of, agent
):
    token, _stored = new_token()
    client.get(f"/invitation/{token}/")
    client.get(f"/invitation/{token}")
    client.get(f"/setup/{token}/")
    client.get(f"/accounts/password/reset/key/1-{token}/")
    client_of(agent).get(reverse("desk:palette"), {"q": "山田花子 09012345678"})
    text = printed.getvalue()
    assert text.count("request_finished") == 5
    for secret in [*SECRETS, token, token[8:]]:
        assert secret not in text


@pytest.mark.django_db(transaction=True)
def test_a_refused_row_and_statement_are_not_logged(printed, agent):
    log, name = structlog.get_logger("test"), "Hanako Yamada"
    try:
        User.objects.create(email=agent.user.email)
    except IntegrityError:
        log.exception("failed")
    try:
        with connection.cursor() as cursor:
            cursor.execute("select %s::text::bigint", [name])
    except DataError:
        logging.getLogger("celery").exception("raised unexpected")
    text = printed.getvalue()
    assert text.count("Traceback") >= 2
    assert agent.user.email not in text
    assert "Hanako" not in text


def test_a_line_has_date_milliseconds_and_zone(printed):
    structlog.get_logger("test").info("ours")
    logging.getLogger("celery.beat").info("theirs")
    moment = re.compile(r"^20\d\d-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}\+09:00 ")
    lines = printed.getvalue().splitlines()
    assert [bool(moment.match(line)) for line in lines] == [True, True]


def test_json_lines_are_masked_and_stay_json():
    event = {"event": "failed", "exception": "DETAIL: Key (a)=(b)", "n": 3}
    line = json.dumps(mask_event(None, "info", event), ensure_ascii=False)
    assert json.loads(line) == {"event": "failed", "exception": "DETAIL: …", "n": 3}


def test_the_web_server_writes_no_log_of_its_own():
    """Daphne's has whole addresses, whatever our formatter does."""
    for name in ("README.md", "README.ja.md", "deploy/Dockerfile"):
        text = (ROOT / name).read_text(encoding="utf-8")
        for line in text.splitlines():
            if "agentdesk.asgi:application" in line:
                assert re.search(r"--verbosity\"?,? \"?0", line), name
