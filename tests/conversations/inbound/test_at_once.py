"""Two people, or two clicks, at the same moment: one effect, a clear refusal, no half."""

import json
import time
from typing import Any
from uuid import uuid4

import jwt
import pytest
from django.urls import reverse

from agentdesk import crypto as credentials
from agentdesk.accounts.models import Membership
from agentdesk.audit.models import AuditEntry
from conversations.choices import InquiryStatus, MessageKind, ThreadEvent
from conversations.models import (
    Call,
    Conversation,
    Inquiry,
    Message,
    PickupAttempt,
    Visitor,
)
from customers.choices import IdentityKind
from customers.models import Identity
from tests.conversations.at_once import at_once, statuses
from tests.conversations.phone import phone_inbox_of
from tests.conversations.webchat.chat import ChatVisitor
from tests.factories.accounts import MembershipFactory
from tests.factories.conversations import ContactReasonFactory
from tests.factories.customers import CustomerFactory

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def colleague(account) -> Membership:
    return MembershipFactory(account=account)


@pytest.fixture
def both(agent, colleague, client_of):
    return client_of(agent), client_of(colleague)


@pytest.fixture
def visitor(webchat) -> ChatVisitor:
    visitor = ChatVisitor(webchat)
    visitor.begin()
    assert visitor.send("届きません").status_code == 201
    return visitor


@pytest.fixture
def inquiry(visitor) -> Inquiry:
    return Inquiry.objects.get()


@pytest.fixture
def closing(account) -> dict[str, Any]:
    return {"status": "done", "reason": ContactReasonFactory(account=account).pk}


def another_waits(webchat) -> Inquiry:
    other = ChatVisitor(webchat)
    other.begin()
    other.send("こちらもお願いします")
    return Inquiry.objects.latest("pk")


def test_of_two_who_take_an_inquiry_one_has_it_and_the_other_is_told_who(
    both, inquiry, agent, colleague
):
    path = reverse("desk:take", args=[inquiry.pk])
    answers = at_once(*(lambda c=c: c.post(path, {"owner": "0"}) for c in both))
    assert statuses(answers) == [204, 409]
    winner = agent if answers[0].status_code == 204 else colleague
    inquiry.refresh_from_db()
    assert inquiry.owner == winner
    refused = next(answer for answer in answers if answer.status_code == 409)
    (toast,) = json.loads(refused.headers["HX-Trigger"]).values()
    assert winner.user.name in toast["text"]
    assert refused.headers["HX-Reswap"] == "none"
    assert AuditEntry.objects.filter(action="inquiry.assigned").count() == 1


def test_what_one_sees_is_a_colleagues_can_still_be_taken(both, inquiry, colleague):
    path = reverse("desk:take", args=[inquiry.pk])
    both[0].post(path, {"owner": "0"})
    owner = Inquiry.objects.get().owner_id
    assert both[1].post(path, {"owner": str(owner)}).status_code == 204
    assert Inquiry.objects.get().owner == colleague


def test_closing_twice_is_one_closing(both, inquiry, closing):
    path = reverse("desk:close", args=[inquiry.pk])
    answers = at_once(*(lambda c=c: c.post(path, closing) for c in both))
    assert statuses(answers) == [204, 409]
    assert Message.objects.filter(event=ThreadEvent.CLOSED).count() == 1
    inquiry.refresh_from_db()
    assert inquiry.status == InquiryStatus.DONE


def test_a_message_that_comes_while_one_closes_is_never_buried(
    both, visitor, inquiry, closing
):
    path = reverse("desk:close", args=[inquiry.pk])
    form = both[0].get(path).context["form"]
    data = closing | {"seen": form["seen"].value()}
    answer, written = at_once(
        lambda: both[0].post(path, data), lambda: visitor.send("まだですか")
    )
    assert written.status_code == 201
    assert answer.status_code in {204, 422}
    inquiry.refresh_from_db()
    assert inquiry.is_open
    assert inquiry.waiting_since is not None
    assert Inquiry.objects.count() == 1


def test_closing_over_an_unread_message_shows_it_first_and_then_closes(
    both, visitor, inquiry, closing
):
    path = reverse("desk:close", args=[inquiry.pk])
    seen = both[0].get(path).context["form"]["seen"].value()
    visitor.send("やはり交換してください")
    refused = both[0].post(path, closing | {"seen": seen, "summary": "交換"})
    assert refused.status_code == 422
    assert "新しいメッセージ" in refused.content.decode()
    form = refused.context["form"]
    assert form["summary"].value() == "交換"
    again = closing | {"seen": form["seen"].value()}
    assert both[0].post(path, again).status_code == 204


def test_two_who_close_and_go_on_never_get_the_same_next(
    both, webchat, inquiry, closing, agent, colleague
):
    mine, theirs = inquiry, another_waits(webchat)
    for client, own in zip(both, (mine, theirs), strict=True):
        client.post(reverse("desk:take", args=[own.pk]), {"owner": "0"})
    waiting = {another_waits(webchat).pk, another_waits(webchat).pk}
    answers = at_once(
        *(
            lambda c=c, i=i: c.post(
                reverse("desk:close", args=[i.pk]), closing | {"next": "1"}
            )
            for c, i in zip(both, (mine, theirs), strict=True)
        )
    )
    assert statuses(answers) == [204, 204]
    opened = Inquiry.objects.filter(pk__in=waiting)
    assert {one.owner for one in opened} == {agent, colleague}
    for member, answer in zip((agent, colleague), answers, strict=True):
        own = opened.get(owner=member)
        path = reverse("desk:workspace", args=[own.conversation_id])
        assert path in answer.headers["HX-Trigger"]


def test_of_two_who_want_the_last_one_waiting_one_gets_it(both, inquiry):
    answers = at_once(*(lambda c=c: c.post(reverse("desk:waiting")) for c in both))
    opened = ["open-conversation" in one.headers["HX-Trigger"] for one in answers]
    assert sorted(opened) == [False, True]
    assert AuditEntry.objects.filter(action="inquiry.assigned").count() == 1


def test_two_answers_at_once_are_one_answer_and_one_look_again(both, inquiry):
    seen = Message.objects.latest("pk").pk
    path = reverse("desk:compose", args=[inquiry.conversation_id])

    def reply(client: Any) -> Any:
        sent = {"kind": "reply", "body": "お調べします", "seen": seen}
        return client.post(path, sent | {"client_id": str(uuid4())})

    answers = at_once(*(lambda c=c: reply(c) for c in both))
    assert statuses(answers) == [201, 409]
    assert Message.objects.filter(body="お調べします").count() == 1


def test_one_answer_sent_twice_is_one_answer(both, inquiry):
    path = reverse("desk:compose", args=[inquiry.conversation_id])
    sent = {"kind": "reply", "body": "お調べします", "client_id": str(uuid4())}
    answers = at_once(*(lambda: both[0].post(path, sent) for _ in range(4)))
    assert statuses(answers) == [201] * 4
    assert Message.objects.filter(body="お調べします").count() == 1


def test_a_call_that_is_finished_twice_has_one_note(both, account):
    phone_inbox_of(account)
    customer = CustomerFactory(account=account)
    both[0].post(reverse("desk:call-start"), {"customer": customer.pk})
    path = reverse("desk:call-finish", args=[Call.objects.get().pk])
    wrap_up = {"outcome": "resolved", "request": "サイズ交換"}
    answers = at_once(*(lambda: both[0].post(path, wrap_up) for _ in range(3)))
    assert statuses(answers) == [200] * 3
    assert Message.objects.filter(kind=MessageKind.PHONE_NOTE).count() == 1


def test_two_calls_begun_at_once_by_one_member_are_one_call(both, account):
    phone_inbox_of(account)
    known = [CustomerFactory(account=account) for _ in range(2)]
    path = reverse("desk:call-start")
    answers = at_once(
        *(lambda c=c: both[0].post(path, {"customer": c.pk}) for c in known)
    )
    assert statuses(answers) == [302, 422]
    assert Call.objects.count() == 1
    assert Conversation.objects.count() == 1


@pytest.fixture
def code(visitor, account) -> str:
    phone_inbox_of(account)
    return visitor.post("code/").json()["code"]


def test_a_code_typed_by_two_is_spent_by_one(both, code):
    path = reverse("desk:call-start")
    answers = at_once(*(lambda c=c: c.post(path, {"code": code}) for c in both))
    assert statuses(answers) == [302, 422]
    assert Call.objects.count() == 1


def test_a_code_entered_twice_by_one_is_one_call_and_no_wrong_try(both, code):
    path = reverse("desk:call-start")
    answers = at_once(*(lambda: both[0].post(path, {"code": code}) for _ in range(2)))
    assert statuses(answers) == [302, 302]
    assert answers[0]["Location"] == answers[1]["Location"]
    assert Call.objects.count() == 1
    assert not PickupAttempt.objects.exists()


def test_one_person_signing_in_to_the_shop_in_many_browsers_is_one_customer(webchat):
    secret = "a-secret-of-the-shop-of-some-length-0123456789"
    webchat.webchat.identity_secret = credentials.seal(secret)
    webchat.webchat.save()
    now = int(time.time())
    claims = {"sub": "S-1", "name": "山田 太郎", "iat": now, "exp": now + 600}
    token = jwt.encode(claims, secret, algorithm="HS256")
    visitors = [ChatVisitor(webchat) for _ in range(6)]
    for visitor in visitors:
        visitor.begin()
        visitor.send("こんにちは")
    answers = at_once(
        *(lambda v=v: v.post("session/", {"identity": token}) for v in visitors)
    )
    assert statuses(answers) == [200] * 6
    (identity,) = Identity.objects.filter(kind=IdentityKind.SHOP)
    assert set(Visitor.objects.values_list("customer", flat=True)) == {
        identity.customer_id
    }


def test_an_extension_given_to_two_is_one_members(client_of, admin, agent, colleague):
    clients = client_of(admin), client_of(admin)
    all_of_them = {f"extension-{agent.pk}": "201"}
    answers = at_once(
        lambda: clients[0].post("/settings/kogane/extensions/", all_of_them),
        lambda: clients[1].post(
            f"/settings/kogane/people/{colleague.pk}/",
            {"role": "agent", "extension": "201"},
        ),
    )
    assert {answer.status_code for answer in answers} <= {200, 204, 409, 422}
    assert Membership.objects.filter(extension="201").count() == 1
