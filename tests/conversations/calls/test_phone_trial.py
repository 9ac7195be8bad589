"""A phone inbox is tried before it is live: its calls are seen on its page alone."""

import pytest
from django.test import Client

from conversations.calls.tasks import sweep_calls
from conversations.models import Call, Inbox, Message, Notification
from tests.conversations.phone import Pbx

pytestmark = pytest.mark.django_db(transaction=True)

URL = "/settings/kogane/phones/"


@pytest.fixture
def desk(admin, client_of) -> Client:
    return client_of(admin)


def set_to(desk: Client, inbox: Inbox, state: str) -> None:
    path = f"/settings/kogane/inboxes/{inbox.pk}/state/"
    assert desk.post(path, {"state": state}).status_code == 200


@pytest.fixture
def tried(pbx, desk) -> Pbx:
    set_to(desk, pbx.inbox, "test")
    return pbx


def shown(desk: Client, pbx: Pbx) -> str:
    return desk.get(f"{URL}{pbx.inbox.pk}/calls/").content.decode()


def test_a_test_call_is_seen_on_the_page_and_rings_nobody(
    tried, desk, agent, caller, client_of
):
    assert "待っています" in shown(desk, tried)
    for event in ("ringing", "answered", "ended"):
        tried.post_event(event, "trial-1")
    page = desk.get(URL).content.decode()
    assert page.count("03-1234-5678") == 3
    assert "山田 太郎" in page
    assert f"内線201：{agent.user.name}の画面に着信します。" in page
    sweep_calls()
    assert not Call.objects.exists()
    assert not Message.objects.exists()
    assert not Notification.objects.exists()
    assert "03-1234-5678" not in client_of(agent).get("/calls/").content.decode()


def test_what_is_not_known_is_said(tried, desk):
    tried.post_event("ringing", "trial-2", **{"from": "0399998888", "to": "999"})
    page = shown(desk, tried)
    assert "該当するお客様はいません" in page
    assert "内線999のメンバーはいません" in page


def test_once_live_it_rings_and_the_test_is_no_more_shown(tried, desk, agent):
    tried.post_event("ringing", "trial-3")
    set_to(desk, tried.inbox, "live")
    assert tried.ring("real-1").member == agent
    assert "03-1234-5678" not in shown(desk, tried)


def test_a_call_that_runs_while_the_test_begins_goes_on(pbx, desk, agent, caller):
    pbx.post_event("ringing", "real-2")
    pbx.post_event("answered", "real-2")
    set_to(desk, pbx.inbox, "test")
    pbx.post_event("ended", "real-2")
    assert Call.objects.get().state == "wrap_up"
    assert "待っています" in shown(desk, pbx)  # it was no test


def test_the_trial_is_for_those_who_set_it_up(tried, agent, stranger, client_of):
    path = f"{URL}{tried.inbox.pk}/calls/"
    assert client_of(agent).get(path).status_code == 403
    assert client_of(stranger).get(path).status_code == 404


def test_the_page_costs_the_same_however_many_calls(
    tried, desk, django_assert_max_num_queries
):
    for number in range(12):
        tried.post_event("ringing", f"trial-{number}", **{"from": f"031234{number:04}"})
    with django_assert_max_num_queries(12):
        assert shown(desk, tried).count("rows__row") == 10
