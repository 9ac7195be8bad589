"""Several inquiries of the list at once: each as if it were changed alone, and reported truly."""

import html
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from agentdesk.accounts import roles
from agentdesk.accounts.roles import Permission, Role
from agentdesk.audit.models import AuditEntry
from conversations.choices import InquiryStatus
from conversations.inquiries.actions.bulk import MOST_AT_ONCE
from conversations.inquiries.actions.inquiry import assign, close
from conversations.models import Conversation, Inquiry, Notification
from tests.factories.accounts import MembershipFactory
from tests.factories.conversations import (
    ContactReasonFactory,
    ConversationFactory,
    QueueFactory,
    WebChatFactory,
)
from tests.receiving import receive_message

pytestmark = pytest.mark.django_db


@pytest.fixture
def write(webchat):
    """A new customer writes, in that account."""

    def writing(name: str, inbox=webchat) -> Inquiry:
        conversation = ConversationFactory(
            customer__account=inbox.account, customer__family_name=name
        )
        message = receive_message(
            conversation.customer, inbox=inbox, channel=inbox.channel, body="もしもし"
        ).message
        assert message.inquiry
        return message.inquiry

    return writing


@pytest.fixture
def elsewhere(other_account):
    queue = QueueFactory(account=other_account)
    return WebChatFactory(inbox__account=other_account, inbox__queue=queue).inbox


@pytest.fixture
def colleague(account):
    return MembershipFactory(
        account=account, user__family_name="鈴木", user__given_name="あかり"
    )


@pytest.fixture
def do(client_of, agent):
    def doing(verb, inquiries, member=agent, **fields):
        chosen = [f"{one.pk}:{one.owner_id or 0}" for one in inquiries]
        path = reverse(f"desk:bulk-{verb}")
        return client_of(member).post(path, {"inquiry": chosen, **fields})

    return doing


def owners() -> list[int | None]:
    return list(Inquiry.objects.order_by("pk").values_list("owner_id", flat=True))


def statuses() -> set[str]:
    return set(Inquiry.objects.values_list("status", flat=True))


def undo_of(response) -> str:
    found = re.search(r'data-undo="([^"]+)"', response.content.decode())
    return html.unescape(found[1]) if found else ""


def test_all_are_mine_by_one_request_and_nobodys_again(do, write, agent, client_of):
    inquiries = [write(name) for name in ("石川", "前田", "後藤")]
    response = do("take", inquiries)
    assert owners() == [agent.pk] * 3
    assert AuditEntry.objects.filter(action="inquiry.assigned").count() == 3
    assert "3件の" in response.content.decode()
    undone = client_of(agent).post(
        reverse("desk:bulk-undo"), {"token": undo_of(response)}
    )
    assert undone.status_code == 200
    assert owners() == [None] * 3
    assert statuses() == {InquiryStatus.NEW}


def test_what_a_colleague_has_taken_meanwhile_is_theirs_and_told(
    do, write, agent, colleague
):
    free, taken = write("石川"), write("前田")
    assign(taken, actor=colleague.user, owner=colleague)
    taken.owner_id = None  # as it stands on the agent's screen
    text = do("take", [free, taken]).content.decode()
    assert owners() == [agent.pk, colleague.pk]
    assert "1件の" in text
    assert re.search(r"前田.*鈴木 あかりさん", text, re.DOTALL)
    assert "石川" not in text


def test_they_are_handed_over_and_the_new_owner_is_told(do, write, colleague):
    inquiries = [write("石川"), write("前田")]
    do("assign", inquiries, owner=colleague.pk)
    assert owners() == [colleague.pk] * 2
    assert Notification.objects.filter(member=colleague).count() == 2


def test_one_reason_closes_them_and_what_is_closed_already_is_told(
    do, write, account, agent, client_of
):
    reason = ContactReasonFactory(account=account)
    first, closed = write("石川"), write("前田")
    close(closed, actor=agent.user, reason=reason)
    fields = {f"reason_{account.pk}": reason.pk, "status": "dismissed"}
    response = do("close", [first, closed], **fields)
    first.refresh_from_db()
    assert (first.status, first.reason) == (InquiryStatus.DISMISSED, reason)
    assert re.search(r"前田.*すでに", response.content.decode(), re.DOTALL)
    client_of(agent).post(reverse("desk:bulk-undo"), {"token": undo_of(response)})
    first.refresh_from_db()
    assert (first.status, first.reason) == (InquiryStatus.NEW, None)


def test_without_a_reason_nothing_is_closed(do, write):
    assert do("close", [write("石川")], status="done").status_code == 422
    assert statuses() == {InquiryStatus.NEW}


def test_what_has_been_written_since_the_dialog_opened_is_not_closed(
    do, write, account, client_of, agent, webchat
):
    reason = ContactReasonFactory(account=account)
    quiet, busy = write("石川"), write("前田")
    path = reverse("desk:bulk-close")
    chosen = {"inquiry": [f"{quiet.pk}:0", f"{busy.pk}:0"]}
    dialog = client_of(agent).get(path, chosen).content.decode()
    seen = re.search(r'name="seen"[^>]* value="(\d+)"', dialog)
    assert seen
    receive_message(
        busy.conversation.customer,
        inbox=webchat,
        channel=webchat.channel,
        body="まだです",
    )
    fields = {f"reason_{account.pk}": reason.pk, "status": "done", "seen": seen[1]}
    text = do("close", [quiet, busy], **fields).content.decode()
    busy.refresh_from_db()
    quiet.refresh_from_db()
    assert (quiet.is_open, busy.is_open) == (False, True)
    assert "前田" in text


def test_they_are_set_aside_and_come_back_by_an_undo(do, write, client_of, agent):
    inquiries = [write("石川"), write("前田")]
    response = do("snooze", inquiries, until="tomorrow")
    assert not Inquiry.objects.filter(snoozed_until=None).exists()
    client_of(agent).post(reverse("desk:bulk-undo"), {"token": undo_of(response)})
    assert Inquiry.objects.filter(snoozed_until=None).count() == 2


def test_they_are_read(do, write):
    response = do("read", [write("石川"), write("前田")])
    assert not Conversation.objects.filter(is_unread=True).exists()
    assert undo_of(response) == ""


def test_what_is_of_another_account_is_not_there(do, write, elsewhere, agent):
    mine, theirs = write("石川"), write("山下", elsewhere)
    text = do("take", [mine, theirs]).content.decode()
    assert owners() == [agent.pk, None]
    assert "山下" not in text
    assert "1件の担当" in text
    assert "1件は見つかりません" in text
    assert do("take", [theirs]).status_code == 404
    assert do("undo", [], token="x").status_code == 409


def test_rights_are_looked_at_row_by_row(
    do, write, elsewhere, agent, other_account, monkeypatch
):
    there = MembershipFactory(
        user=agent.user, account=other_account, role=Role.SUPERVISOR
    )
    mine, theirs = write("石川"), write("山下", elsewhere)
    few = roles.ROLE_PERMISSIONS[Role.SUPERVISOR] - {Permission.ASSIGN_SELF}
    monkeypatch.setitem(roles.ROLE_PERMISSIONS, Role.SUPERVISOR, few)
    text = do("take", [mine, theirs]).content.decode()
    assert there.account_id == theirs.account_id
    assert owners() == [agent.pk, None]
    assert re.search(r"山下.*権限がありません", text, re.DOTALL)


def test_each_company_is_asked_for_its_own_reason_and_has_its_own_people(
    do, write, elsewhere, agent, account, other_account, client_of, colleague
):
    MembershipFactory(user=agent.user, account=other_account)
    both = [write("石川"), write("山下", elsewhere)]
    chosen = {"inquiry": [f"{one.pk}:0" for one in both]}
    people = client_of(agent).get(reverse("desk:bulk-assign"), chosen)
    offered = people.content.decode()
    assert agent.user.name in offered
    assert colleague.user.name not in offered
    do("assign", both, owner=agent.pk)
    assert Inquiry.objects.filter(owner__user=agent.user).count() == 2
    reasons = {
        f"reason_{one.pk}": ContactReasonFactory(account=one).pk
        for one in (account, other_account)
    }
    for one in both:
        one.refresh_from_db()
    assert do("close", both, status="done", **reasons).status_code == 200
    assert statuses() == {InquiryStatus.DONE}


def test_more_than_a_page_can_hold_are_refused_as_a_whole(client_of, agent, write):
    chosen = [f"{number}:0" for number in range(1, MOST_AT_ONCE + 2)]
    path = reverse("desk:bulk-take")
    response = client_of(agent).post(path, {"inquiry": chosen})
    assert response.status_code == 409
    assert f"{MOST_AT_ONCE}\\u4ef6" in response["HX-Trigger"]


def test_what_cannot_be_read_is_nobodys(client_of, agent):
    path = reverse("desk:bulk-take")
    for value in ("", "x:1", "-1:0", "9" * 30):
        assert client_of(agent).post(path, {"inquiry": value}).status_code == 404


def test_an_undo_is_its_makers_and_for_what_is_as_it_was(
    do, write, colleague, client_of, agent, supervisor
):
    inquiries = [write("石川"), write("前田")]
    token = undo_of(do("take", inquiries))
    assign(inquiries[0], actor=supervisor.user, owner=colleague)
    path = reverse("desk:bulk-undo")
    client_of(supervisor).post(path, {"token": token})
    assert owners() == [colleague.pk, agent.pk]
    text = client_of(agent).post(path, {"token": token}).content.decode()
    assert owners() == [colleague.pk, None]
    assert "石川" in text


@pytest.mark.usefixtures("warm_process")
def test_a_dialog_costs_as_much_for_many_as_for_one(client_of, agent, write, account):
    ContactReasonFactory(account=account)
    inquiries = [write(f"客{number}") for number in range(12)]
    client = client_of(agent)

    def cost(verb, rows) -> int:
        chosen = {"inquiry": [f"{one.pk}:0" for one in rows]}
        with CaptureQueriesContext(connection) as made:
            client.get(reverse(f"desk:bulk-{verb}"), chosen)
        return len(made)

    for verb in ("assign", "close", "snooze"):
        cost(verb, inquiries[:1])
        assert cost(verb, inquiries[:1]) == cost(verb, inquiries) <= 8


@pytest.mark.usefixtures("warm_process")
def test_each_row_costs_the_same(do, write, agent):
    def cost(count: int) -> int:
        rows = [write(f"客{number}") for number in range(count)]
        with CaptureQueriesContext(connection) as made:
            do("take", rows)
        return len(made)

    cost(1)
    one, three, five = cost(1), cost(3), cost(5)
    assert five - three == three - one
    assert (three - one) / 2 <= 16
