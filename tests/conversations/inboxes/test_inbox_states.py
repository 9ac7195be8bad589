"""How far an inbox is open: drafts hold, tests stay apart, a part comes before the whole."""

import pytest
from django.test import Client

from agentdesk.audit.models import AuditEntry
from agentdesk.jobs.registry import sweep_of
from conversations.choices import EventState
from conversations.inbound.tasks import release_held
from conversations.models import (
    Conversation,
    Inbox,
    Inquiry,
    Message,
    Notification,
    ProviderEvent,
)
from customers.models import Customer
from tests.conversations.double import SECRET, post_event
from tests.factories.accounts import MembershipFactory

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def desk(admin, client_of) -> Client:
    return client_of(admin)


@pytest.fixture
def checked(filled_in, desk) -> Inbox:
    desk.post(f"/settings/kogane/inboxes/{filled_in.pk}/check/")
    return filled_in


def set_to(desk: Client, inbox: Inbox, state: str):
    data = {"state": state, "confirmed": "1"}
    return desk.post(f"/settings/kogane/inboxes/{inbox.pk}/state/", data)


def state_of(inbox: Inbox) -> str:
    return Inbox.objects.get(pk=inbox.pk).state


def test_it_goes_live_only_after_a_check_and_back_with_one_click(filled_in, desk):
    refused = set_to(desk, filled_in, "live")
    assert refused.status_code == 409
    assert "先に接続を確認" in refused.content.decode()
    desk.post(f"/settings/kogane/inboxes/{filled_in.pk}/check/")
    for state in ("live", "test", "live", "stopped", "live"):
        assert set_to(desk, filled_in, state).status_code == 200
        assert state_of(filled_in) == state
    entries = AuditEntry.objects.filter(action="inbox.state").order_by("pk")
    assert entries.first().before == {"state": "draft"}
    assert entries.count() == 5


@pytest.mark.parametrize("state", ["live", "test", "partial"])
def test_nothing_opens_that_is_not_filled_in(state, draft, desk):
    refused = set_to(desk, draft, state)
    assert refused.status_code == 409
    assert state_of(draft) == "draft"


@pytest.mark.parametrize("state", ["", "open", "draft "])
def test_an_unknown_state_is_refused(state, checked, desk):
    assert set_to(desk, checked, state).status_code == 409


def test_findings_of_the_provider_keep_it_from_going_live(double, filled_in, desk):
    from conversations.adapters.base import Report  # noqa: PLC0415

    double.answer = Report(findings=["Switch the webhook on."])
    desk.post(f"/settings/kogane/inboxes/{filled_in.pk}/check/")
    refused = set_to(desk, filled_in, "live")
    assert "Switch the webhook on." in refused.content.decode()


def test_what_comes_to_a_draft_waits_and_is_taken_up_in_order(checked, desk, client):
    for number in (1, 2, 3):
        post_event(client, checked, number, text=f"{number}通目")
    assert not Message.objects.exists()
    page = desk.get(f"/settings/kogane/inboxes/{checked.pk}/").content.decode()
    assert "3件のイベントが待っています" in page
    set_to(desk, checked, "test")
    assert ProviderEvent.objects.filter(state=EventState.HELD).count() == 3
    set_to(desk, checked, "live")
    received = Message.objects.filter(kind="text").order_by("pk")
    assert [one.body for one in received] == ["1通目", "2通目", "3通目"]
    assert not received.filter(inquiry__is_test=True).exists()


def test_a_stopped_inbox_loses_nothing(checked, desk, client):
    set_to(desk, checked, "live")
    set_to(desk, checked, "stopped")
    assert post_event(client, checked).status_code == 200
    assert not Message.objects.exists()
    set_to(desk, checked, "live")
    assert Message.objects.filter(kind="text").count() == 1


def test_the_sweep_finds_what_was_held_while_it_was_opened(checked, client):
    post_event(client, checked)
    Inbox.objects.filter(pk=checked.pk).update(state="live")
    sweep_of(release_held)()
    assert Message.objects.filter(kind="text").count() == 1


@pytest.fixture
def tested(checked, desk, client) -> Conversation:
    set_to(desk, checked, "test")
    post_event(client, checked, text="テストです")
    return Message.objects.get(kind="text").conversation


def test_a_tester_is_no_customer_and_nobody_else_sees_the_test(
    tested, checked, agent, supervisor, admin, client_of
):
    assert tested.customer.is_test
    inquiry = Inquiry.objects.get()
    assert inquiry.is_test
    for member in (agent, supervisor, admin):
        http = client_of(member)
        pages = [
            *("/desk/?view=all", "/desk/?view=unassigned", "/customers/"),
            *("/desk/find/?q=09012345678", f"/desk/find/?q={inquiry.reference}"),
            "/customers/?q=09012345678",
        ]
        for page in pages:
            shown = http.get(page).content.decode()
            assert "テストです" not in shown, page
            assert f"/customers/{tested.customer_id}/" not in shown, page
            assert f"/conversations/{tested.pk}/" not in shown, page
    for member, status in ((agent, 404), (supervisor, 404), (admin, 200)):
        http = client_of(member)
        for page in (
            f"/conversations/{tested.pk}/",
            f"/customers/{tested.customer_id}/",
        ):
            assert http.get(page).status_code == status, page


def test_the_test_is_shown_on_its_page_and_answered_by_the_provider(
    tested, checked, desk, double
):
    url = f"/settings/kogane/inboxes/{checked.pk}/sandbox/"
    shown = desk.get(url).content.decode()
    assert "テストです" in shown
    assert f"/conversations/{tested.pk}/" in shown
    assert "テスト会話です" in desk.get(f"/conversations/{tested.pk}/").content.decode()
    from uuid import uuid4  # noqa: PLC0415

    answer = {"kind": "reply", "body": "届きました", "client_id": uuid4()}
    sent = desk.post(f"/conversations/{tested.pk}/compose/", answer)
    assert sent.status_code == 201
    assert double.sent == [("+819012345678", "届きました")]
    assert not Notification.objects.exists()


def test_the_page_of_a_test_is_swapped_only_when_something_came(
    tested, checked, desk, client
):
    import re  # noqa: PLC0415
    from html import unescape  # noqa: PLC0415

    page = desk.get(f"/settings/kogane/inboxes/{checked.pk}/").content.decode()
    url = unescape(re.search(r'hx-get="([^"]*/sandbox/[^"]*)"', page)[1])
    assert desk.get(url).status_code == 204
    post_event(client, checked, 2, text="もう一度")
    assert "もう一度" in desk.get(url).content.decode()


def test_the_tester_becomes_a_customer_of_their_own_once_it_is_live(
    tested, checked, desk, client
):
    set_to(desk, checked, "live")
    post_event(client, checked, 2, text="本番です")
    assert Customer.objects.filter(is_test=False).count() == 1
    assert Conversation.objects.count() == 2


def open_in_part(desk: Client, inbox: Inbox, **data):
    path = f"/settings/kogane/inboxes/{inbox.pk}/partial/"
    return desk.post(path, {**data, "confirmed": "1"})


def test_in_part_only_the_chosen_members_see_what_nobody_has(
    checked, desk, client, agent, supervisor, admin, client_of
):
    colleague = MembershipFactory(account=agent.account)
    assert open_in_part(desk, checked, members=[agent.pk]).status_code == 204
    assert state_of(checked) == "partial"
    post_event(client, checked, text="一部公開の問い合わせ")
    sees = {
        member.pk: "一部公開の問い合わせ"
        in client_of(member).get("/desk/?view=unassigned").content.decode()
        for member in (agent, supervisor, admin, colleague)
    }
    assert sees == {
        agent.pk: True,
        supervisor.pk: True,
        admin.pk: True,
        colleague.pk: False,
    }
    set_to(desk, checked, "live")
    shown = client_of(colleague).get("/desk/?view=unassigned").content.decode()
    assert "一部公開の問い合わせ" in shown


def test_a_part_has_to_be_chosen_and_is_remembered(checked, desk, agent, stranger):
    assert open_in_part(desk, checked).status_code == 422
    assert open_in_part(desk, checked, members=[stranger.pk]).status_code == 422
    assert state_of(checked) == "draft"
    wrong = {"opens-0": "12:00", "closes-0": "10:00"}
    assert open_in_part(desk, checked, **wrong).status_code == 422
    hours = {"opens-0": "10:00", "closes-0": "12:00", "members": [agent.pk]}
    assert open_in_part(desk, checked, **hours).status_code == 204
    stored = Inbox.objects.get(pk=checked.pk)
    assert stored.partial_hours == {"0": ["10:00-12:00"]}
    url = f"/settings/kogane/inboxes/{checked.pk}/partial/"
    dialog = desk.get(url).content.decode()
    assert 'value="10:00"' in dialog
    assert f'value="{agent.pk}" checked' in dialog
    assert AuditEntry.objects.filter(action="inbox.partial").count() == 2


def test_our_own_channels_use_the_same_control(webchat, desk):
    page = desk.get(f"/settings/kogane/webchats/{webchat.pk}/").content.decode()
    assert f'id="inbox-state-{webchat.pk}"' in page
    assert set_to(desk, webchat, "draft").status_code == 409
    assert set_to(desk, webchat, "stopped").status_code == 200


def test_the_secret_is_in_no_task_and_no_log(checked, desk, client, caplog):
    caplog.set_level("DEBUG")
    set_to(desk, checked, "live")
    post_event(client, checked)
    assert Message.objects.filter(kind="text").exists()
    assert SECRET not in caplog.text
    for entry in AuditEntry.objects.all():
        assert SECRET not in str((entry.before, entry.after))
