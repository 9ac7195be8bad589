"""Every verb of an inquiry by its own address: the row, the log, the line, who is told."""

import re

import pytest
from django.urls import reverse
from django.utils import timezone

from agentdesk.audit.models import AuditEntry
from conversations.choices import InquiryStatus, NotificationKind, ThreadEvent
from conversations.models import Inquiry, Message, Notification
from tests.conversations.webchat.chat import ChatVisitor
from tests.factories.accounts import MembershipFactory
from tests.factories.conversations import ContactReasonFactory

_TAG = re.compile(r"<[^>]+>")


@pytest.fixture
def colleague(account):
    return MembershipFactory(
        account=account, user__family_name="鈴木", user__given_name="あかり"
    )


@pytest.fixture
def inquiry(webchat, agent) -> Inquiry:
    visitor = ChatVisitor(webchat)
    visitor.begin()
    assert visitor.send("サイズを交換したいです").status_code == 201
    return Inquiry.objects.get()


@pytest.fixture
def do(client_of, agent, inquiry):
    """The agent posts that verb; the page answers with what its dialog would show."""

    def doing(verb: str, **fields):
        path = reverse(f"desk:{verb}", args=[inquiry.pk])
        response = client_of(agent).post(path, fields)
        inquiry.refresh_from_db()
        return response

    return doing


@pytest.fixture
def timeline(client_of, agent, inquiry):
    """What the agent reads there: one string a step, without markup."""

    def reading() -> list[str]:
        path = reverse("desk:timeline", args=[inquiry.pk])
        text = client_of(agent).get(path).content.decode()
        steps = re.findall(r"<li data-done>(.*?)<time", text, re.DOTALL)
        return [_TAG.sub("", step) for step in steps]

    return reading


def logged(action: str) -> AuditEntry:
    return AuditEntry.objects.get(action=action)


def line(event: ThreadEvent) -> Message:
    return Message.objects.get(event=event)


def test_an_inquiry_is_given_to_a_colleague_who_is_told(do, inquiry, agent, colleague):
    assert do("assign", owner=colleague.pk).status_code == 204
    assert (inquiry.owner, inquiry.status) == (colleague, InquiryStatus.ACTIVE)
    entry = logged("inquiry.assigned")
    assert (entry.actor, entry.target_id) == (agent.user, inquiry.pk)
    assert (entry.before, entry.after) == ({"owner": None}, {"owner": "鈴木 あかり"})
    assert entry.address == "127.0.0.1"
    assert line(ThreadEvent.ASSIGNED).author == agent
    notification = Notification.objects.get()
    assert (notification.member, notification.kind) == (
        colleague,
        NotificationKind.ASSIGNED,
    )


def test_whoever_takes_it_themselves_is_not_told_of_it(do, inquiry, agent):
    assert do("assign", owner=agent.pk).status_code == 204
    assert inquiry.owner == agent
    assert not Notification.objects.exists()


def test_it_is_given_to_nobody_of_another_account_or_no_longer_here(
    do, inquiry, stranger, colleague
):
    colleague.is_active = False
    colleague.save(update_fields=["is_active"])
    for member in (stranger, colleague):
        assert do("assign", owner=member.pk).status_code == 422
    assert inquiry.owner is None
    assert not AuditEntry.objects.filter(action="inquiry.assigned").exists()


def test_waiting_for_the_customer_ends_the_clock_and_is_written_down(do, inquiry):
    assert inquiry.waiting_since
    assert do("status", status=InquiryStatus.PENDING).status_code == 204
    assert (inquiry.status, inquiry.waiting_since) == (InquiryStatus.PENDING, None)
    entry = logged("inquiry.status")
    assert (entry.before, entry.after) == ({"status": "new"}, {"status": "pending"})
    assert line(ThreadEvent.STATUS).data["after"] == {"status": "pending"}


@pytest.mark.parametrize("status", [InquiryStatus.DONE, "lost", ""])
def test_no_status_closes_an_inquiry_past_its_reason(do, inquiry, status):
    assert do("status", status=status).status_code == 400
    assert inquiry.status == InquiryStatus.NEW


def test_a_reason_is_set_of_the_accounts_own_tree(do, inquiry, account, other_account):
    theirs = ContactReasonFactory(account=other_account, name="よその区分")
    assert do("reason", reason=theirs.pk).status_code == 422
    reason = ContactReasonFactory(account=account, name="サイズ交換")
    assert do("reason", reason=reason.pk).status_code == 204
    assert inquiry.reason == reason
    assert logged("inquiry.reason").after == {"reason": "サイズ交換"}
    assert line(ThreadEvent.REASON).data["after"] == {"reason": "サイズ交換"}


def test_a_snoozed_inquiry_is_woken_by_hand(do, inquiry, client_of, agent):
    listed = reverse("desk:inquiries")
    do("snooze", until="tomorrow")
    assert inquiry.snoozed_until > timezone.now()
    assert "サイズを交換" not in client_of(agent).get(listed).content.decode()
    assert do("wake").status_code == 204
    assert inquiry.snoozed_until is None
    assert "サイズを交換" in client_of(agent).get(listed).content.decode()
    assert logged("inquiry.woken").actor == agent.user
    assert line(ThreadEvent.WOKEN).author == agent


def test_a_reference_is_an_address(client_of, agent, stranger, inquiry):
    path = f"/references/{inquiry.account_id}/{inquiry.reference}/"
    response = client_of(agent).get(path)
    assert (response.status_code, response.url) == (
        302,
        f"/conversations/{inquiry.conversation_id}/",
    )
    assert client_of(stranger).get(path).status_code == 404
    wrong = f"/references/{inquiry.account_id}/A2A-2222/"
    assert client_of(agent).get(wrong).status_code == 404


def test_the_timeline_tells_who_did_what_and_how_it_ended(
    do, timeline, inquiry, account, agent, colleague, client_of
):
    reason = ContactReasonFactory(account=account, name="サイズ交換")
    do("assign", owner=colleague.pk)
    assert do("close", status="done").status_code == 422
    assert inquiry.is_open
    do("close", status="done", reason=reason.pk, summary="Mへ交換")
    steps = timeline()
    name = agent.user.name
    assert steps == [
        f"問い合わせ {inquiry.reference} を受け付けました",
        f"担当: なし → 鈴木 あかり {name}",
        f"問い合わせ {inquiry.reference} を終了: 対応完了（サイズ交換） {name}",
    ]
    path = reverse("desk:timeline", args=[inquiry.pk])
    assert "Mへ交換" in client_of(agent).get(path).content.decode()
    assert inquiry.summary == "Mへ交換"
    assert logged("inquiry.closed").after == {"status": "done", "reason": "サイズ交換"}


def test_a_summary_is_optional(do, inquiry, account):
    reason = ContactReasonFactory(account=account)
    assert do("close", status="dismissed", reason=reason.pk).status_code == 204
    assert (inquiry.status, inquiry.summary) == (InquiryStatus.DISMISSED, "")


def test_a_closed_inquiry_changes_neither_owner_nor_state(
    do, inquiry, account, colleague
):
    do("close", status="done", reason=ContactReasonFactory(account=account).pk)
    for verb, fields in (
        ("assign", {"owner": colleague.pk}),
        ("status", {"status": InquiryStatus.ACTIVE}),
        ("snooze", {"until": "tomorrow"}),
    ):
        assert "danger" in do(verb, **fields)["HX-Trigger"], verb
    assert (inquiry.owner, inquiry.status) == (None, InquiryStatus.DONE)
    assert inquiry.snoozed_until is None


def test_a_timeline_shows_its_first_two_hundred_steps(timeline, inquiry):
    held = {"account": inquiry.account, "conversation": inquiry.conversation}
    Message.objects.bulk_create(
        Message(
            **held,
            inquiry=inquiry,
            kind="system",
            direction="internal",
            event=ThreadEvent.WOKEN,
        )
        for _number in range(210)
    )
    assert len(timeline()) == 200
