"""What an admin is told while a channel is set up, before customers find out."""

import re

import pytest
from django.test import Client

from tests.conversations.double import post_event
from tests.conversations.inboxes.test_set_up_channel import connection, text, url

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def desk(admin, client_of) -> Client:
    return client_of(admin)


def step(page: str, name: str) -> str:
    found = re.search(rf'<li class="step" id="step-{name}".*?</li>', page, re.DOTALL)
    return found[0] if found else ""


def test_refused_signatures_show_in_the_step_that_waits(filled_in, desk, client):
    waiting = step(text(desk.get(url(filled_in))), "webhook")
    again = re.search(r'hx-get="([^"]+)"', waiting)[1]
    assert desk.get(again).status_code == 204
    for number in (1, 2):
        assert post_event(client, filled_in, number, secret="forged").status_code == 403
    shown = step(text(desk.get(again)), "webhook")
    assert "署名の合わない要求を2件" in shown
    again = re.search(r'hx-get="([^"]+)"', shown)[1]
    assert desk.get(again).status_code == 204
    assert "署名の合わない要求を2件" in step(text(desk.get(url(filled_in))), "webhook")


def test_going_live_unheard_asks_first(filled_in, desk, client):
    desk.post(url(filled_in, "check/"))
    question = "イベントがまだ一度も届いていません"
    assert question in text(desk.get(url(filled_in, "state/")))
    assert question in text(desk.get(url(filled_in, "partial/")))
    post_event(client, filled_in)
    assert connection(filled_in).tested_at
    assert question not in text(desk.get(url(filled_in, "state/")))
    assert question not in text(desk.get(url(filled_in, "partial/")))


@pytest.mark.parametrize(
    ("path", "status", "form"),
    [
        ("state/", 409, {"state": "live"}),
        ("partial/", 422, {"opens-0": "10:00", "closes-0": "12:00"}),
    ],
)
def test_an_inbox_that_has_received_nothing_opens_only_where_that_is_confirmed(
    filled_in, desk, path, status, form
):
    desk.post(url(filled_in, "check/"))
    response = desk.post(url(filled_in, path), form)
    assert response.status_code == status
    assert "イベントがまだ一度も届いていません" in text(response)
    filled_in.refresh_from_db()
    assert filled_in.state == "draft"
    opened = desk.post(url(filled_in, path), {**form, "confirmed": "1"})
    assert opened.status_code in {200, 204}
    filled_in.refresh_from_db()
    assert filled_in.is_active
