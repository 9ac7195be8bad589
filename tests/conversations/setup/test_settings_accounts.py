"""The queue, the state of the hours, and opening another client company."""

from datetime import time

import pytest
import time_machine

from agentdesk.accounts.models import ClientAccount, ClosedDay, Membership, OpeningHours
from agentdesk.audit.models import AuditEntry
from conversations.models import Inbox, Queue

NEW = "/settings/new/"


@pytest.fixture
def default_queue(account) -> Queue:
    return Queue.objects.create(account=account, name="総合窓口", is_default=True)


def typed(**changes):
    return {
        "name": "ひなた台所道具",
        "slug": "hinata-shop",
        "colour": "orange",
        "locale": "ja",
        "time_zone": "Asia/Tokyo",
        "phone_region": "JP",
    } | changes


def test_an_admin_opens_another_client_company_once(admin, client_of):
    client = client_of(admin)
    assert client.get(NEW).status_code == 200
    response = client.post(NEW, typed())
    assert response.headers["HX-Redirect"] == "/settings/hinata-shop/general/"
    again = client.post(NEW, typed())
    assert again.status_code == 422
    account = ClientAccount.objects.get(slug="hinata-shop")
    assert Membership.objects.get(account=account).user == admin.user
    assert Inbox.objects.filter(account=account).count() == 2
    assert AuditEntry.objects.get(action="account.opened").actor == admin.user
    assert client.get("/settings/hinata-shop/general/").status_code == 200


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("slug", ""),
        ("slug", "日本"),
        ("slug", "new"),
        ("slug", "kogane"),
        ("slug", "KOGANE"),
        ("slug", "a/b"),
        ("colour", "x"),
        ("time_zone", "Mars/Olympus"),
        ("phone_region", "XX"),
    ],
)
def test_a_company_that_cannot_be_is_refused(field, value, admin, client_of):
    response = client_of(admin).post(NEW, typed(**{field: value}))
    assert response.status_code == 422
    assert ClientAccount.objects.count() == 1


def test_only_admins_open_client_companies(agent, supervisor, client, client_of):
    for member in (agent, supervisor):
        assert client_of(member).get(NEW).status_code == 403
        assert client_of(member).post(NEW, typed()).status_code == 403
        assert client_of(member).get(f"{NEW}slug/").status_code == 403
    assert client.get(NEW).status_code == 302
    assert not ClientAccount.objects.filter(slug="hinata-shop").exists()


def test_a_short_name_is_suggested_while_none_is_typed(admin, client_of):
    client = client_of(admin)
    suggested = client.get(f"{NEW}slug/", {"name": "コガネ"}).content.decode()
    assert 'value="kogane-2"' in suggested
    shown = client.get(f"{NEW}slug/", {"name": "コガネ", "slug": "mine"})
    assert 'value="mine"' in shown.content.decode()


def test_the_queue_is_renamed(admin, account, default_queue, client_of):
    client = client_of(admin)
    url = "/settings/kogane/queue/"
    assert 'value="総合窓口"' in client.get(url).content.decode()
    for _time in range(2):
        assert client.post(url, {"name": "一次受付"}).status_code == 200
    default_queue.refresh_from_db()
    assert default_queue.name == "一次受付"
    assert AuditEntry.objects.filter(action="queue.renamed").count() == 1
    Queue.objects.create(account=account, name="二次受付")
    assert client.post(url, {"name": "二次受付"}).status_code == 422
    assert client.post(url, {"name": ""}).status_code == 422


def test_the_queue_is_walled_off(agent, stranger, default_queue, client_of):
    for member, status in ((agent, 403), (stranger, 404)):
        client = client_of(member)
        for url in ("/settings/kogane/queue/", "/settings/kogane/hours/now/"):
            assert client.get(url).status_code == status
        posted = client.post("/settings/kogane/queue/", {"name": "x"})
        assert posted.status_code == status


@pytest.mark.parametrize(
    ("at", "sentence"),
    [
        ("2026-11-23T10:00:00+09:00", "18:00まで営業"),  # a Monday
        ("2026-11-23T08:00:00+09:00", "09:00に営業を開始"),
        ("2026-11-23T19:00:00+09:00", "11月24日 22:00"),
        ("2026-11-24T23:00:00+09:00", "11月25日 02:00まで営業"),
        ("2026-11-25T03:00:00+09:00", "11月30日 09:00"),
    ],
)
def test_the_page_says_whether_it_is_open_now(at, sentence, admin, account, client_of):
    for weekday, opens, closes in (
        (0, time(9), time(13)),
        (0, time(13), time(18)),
        (1, time(22), time(0)),
        (2, time(0), time(2)),
    ):
        OpeningHours.objects.create(
            account=account, weekday=weekday, opens=opens, closes=closes
        )
    with time_machine.travel(at):
        page = client_of(admin).get("/settings/kogane/hours/now/").content.decode()
    assert sentence in page


def test_without_hours_it_is_open_around_the_clock_but_on_closed_days(
    admin, account, client_of
):
    client = client_of(admin)
    url = "/settings/kogane/hours/now/"
    with time_machine.travel("2026-11-20T10:00:00+09:00"):
        assert "24時間" in client.get(url).content.decode()
        ClosedDay.objects.create(account=account, day="2026-11-21")
        assert "11月21日 00:00まで営業" in client.get(url).content.decode()
