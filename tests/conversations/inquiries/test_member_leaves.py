"""A member who is deactivated, or may no longer come in, while their desk is open."""

from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from asgiref.sync import sync_to_async
from channels.db import database_sync_to_async
from django.test import Client
from django.urls import reverse

from agentdesk.accounts.models import Membership, Session, User
from agentdesk.live.consumer import DeskConsumer
from agentdesk.live.publish import send_now
from conversations.choices import CallState, MessageKind
from conversations.models import Call, ComposeLease, Draft, Inquiry, Message
from customers.models import Customer
from tests.conversations.phone import Pbx, phone_inbox_of
from tests.conversations.webchat.chat import ChatVisitor
from tests.desk_socket import DeskSocket, desk_socket
from tests.factories.accounts import PASSWORD, MembershipFactory
from tests.factories.customers import CustomerFactory

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def boss(client_of, admin) -> Client:
    return client_of(admin)


@pytest.fixture
def theirs(client_of, agent, monkeypatch) -> Client:
    monkeypatch.setattr(DeskConsumer, "board", None)  # of the loop of each test
    return client_of(agent)


def leave(boss: Client, member: Membership, **fields: Any) -> None:
    path = reverse("accounts:member-deactivate", args=["kogane", member.pk])
    assert boss.post(path, fields).status_code == 204


async def topics_until(socket: DeskSocket, *topics: str) -> list[str]:
    """Which of these topics it hears of, the last of which it surely does."""
    for topic in topics:
        await sync_to_async(send_now)(topic, "message_added", {"message": 1})
    topics_seen: list[str] = []
    while topics[-1] not in topics_seen:
        signal = await socket.receive_signal()
        topics_seen += [signal["topic"]] if signal["kind"] == "message_added" else []
    return topics_seen


async def test_an_open_socket_loses_the_account_and_keeps_the_other(
    boss, theirs, agent, account, other_account
):
    await database_sync_to_async(MembershipFactory)(
        user=agent.user, account=other_account
    )
    ours, other = f"account:{account.pk}", f"account:{other_account.pk}"
    async with desk_socket(theirs, ours, other) as socket:
        assert await topics_until(socket, ours, other) == [ours, other]
        await database_sync_to_async(leave)(boss, agent)
        signal = await socket.receive_signal()
        while signal["kind"] != "watching":
            signal = await socket.receive_signal()
        assert signal == {"kind": "watching", "topics": [other]}
        assert await topics_until(socket, ours, other) == [other]


async def test_a_socket_whose_member_has_no_account_left_is_closed(
    boss, theirs, agent, account
):
    async with desk_socket(theirs, f"account:{account.pk}") as socket:
        await database_sync_to_async(leave)(boss, agent)
        output = await socket.receive_output(10)
        while output["type"] != "websocket.close":
            output = await socket.receive_output(10)
        assert output["code"] == 4401


async def test_protection_that_is_switched_on_closes_the_account_at_once(
    boss, theirs, admin, account
):
    topic = f"account:{account.pk}"
    async with desk_socket(theirs, topic) as socket:
        await database_sync_to_async(protect)(boss, admin)
        assert await socket.receive_signal() == {"kind": "watching", "topics": []}


def protect(boss: Client, admin: Membership) -> None:
    Authenticator.objects.create(user=admin.user, type="totp", data={})
    path = "/settings/kogane/people/protection/"
    assert boss.post(path, {"sign_in_protection": "on"}).status_code == 200


def test_requests_of_whom_the_protection_shuts_out_are_refused(
    client_of, admin, agent, conversation
):
    theirs = client_of(agent)
    protect(client_of(admin), admin)
    pk = conversation.pk
    draft = {"kind": "reply", "body": "途中"}
    path, htmx = reverse("desk:messages", args=[pk]), {"HX-Request": "true"}
    assert theirs.get(path, headers=htmx).status_code == 404
    assert theirs.post(reverse("desk:draft", args=[pk]), draft).status_code == 404
    assert theirs.get(reverse("desk:home")).status_code == 302
    assert not Draft.objects.exists()


def test_a_demoted_admin_keeps_the_desk_and_loses_the_settings(
    client_of, admin, account
):
    boss = MembershipFactory(account=account, role="admin")
    theirs = client_of(admin)
    assert theirs.get("/settings/kogane/hours/").status_code == 200
    path = reverse("accounts:member", args=["kogane", admin.pk])
    client_of(boss).post(path, {"role": "agent", "extension": ""})
    assert theirs.get("/settings/kogane/hours/").status_code == 403
    assert theirs.post("/settings/kogane/hours/", {}).status_code == 403
    assert theirs.get(reverse("desk:home")).status_code == 200


def test_the_right_to_answer_is_free_at_once_for_a_colleague(
    client_of, admin, agent, account, webchat
):
    visitor = ChatVisitor(webchat)
    visitor.begin()
    visitor.send("届きません")
    pk = Inquiry.objects.get().conversation_id
    path, draft = reverse("desk:draft", args=[pk]), {"kind": "reply", "body": "お調べ"}
    assert client_of(agent).post(path, draft).status_code == 204
    colleague = client_of(MembershipFactory(account=account))
    assert colleague.post(path, draft).status_code == 409
    leave(client_of(admin), agent)
    assert colleague.post(path, draft).status_code == 204
    assert ComposeLease.objects.get().member != agent


def test_a_call_goes_into_the_thread_with_the_notes_typed_so_far(
    client_of, admin, agent, account, queue
):
    pbx = Pbx(phone_inbox_of(account, queue))
    Membership.objects.filter(pk=agent.pk).update(extension="201")
    theirs = client_of(agent)
    customer = CustomerFactory(account=account)
    theirs.post(reverse("desk:call-start"), {"customer": customer.pk})
    call = Call.objects.get()
    notes = {"request": "サイズ交換の相談", "version": 0}
    theirs.post(reverse("desk:call-draft", args=[call.pk]), notes)
    ringing = pbx.ring("c-2", **{"from": "0355501234"})
    pbx.post_event("answered", "c-2", **{"from": "0355501234"})
    assert ringing.member_id == agent.pk
    leave(client_of(admin), agent)
    call.refresh_from_db()
    ringing.refresh_from_db()
    assert call.state == CallState.FINISHED
    assert Message.objects.get(kind=MessageKind.PHONE_NOTE).body == "サイズ交換の相談"
    assert (ringing.state, ringing.member) == (CallState.RINGING, None)
    assert not Inquiry.objects.open().filter(owner=agent).exists()
    assert Customer.objects.count() == 1


def test_an_operator_who_stops_a_sign_in_ends_its_sessions(client_of, agent):
    theirs = client_of(agent)
    operator = User.objects.create_superuser("ops@example.jp", PASSWORD)
    client = Client()
    client.force_login(operator, "allauth.account.auth_backends.AuthenticationBackend")
    page = f"/operator/accounts/user/{agent.user.pk}/change/"
    fields = ("family_name", "given_name", "language", "time_zone")
    data = {name: getattr(agent.user, name) for name in fields}
    assert client.post(page, data).status_code == 302
    agent.user.refresh_from_db()
    assert not agent.user.is_active
    assert theirs.get(reverse("desk:home")).status_code == 302
    assert not Session.objects.filter(user=agent.user).exists()
