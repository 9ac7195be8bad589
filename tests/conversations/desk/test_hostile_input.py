"""What attackers and broken programs send: a refusal each, never an error of ours."""

import struct
import zlib
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from agentdesk.accounts.models import User
from conversations.choices import CallState
from conversations.models import Attachment, Inquiry, Message
from tests.conversations.phone import Pbx, phone_inbox_of
from tests.conversations.webchat.chat import ChatVisitor
from tests.factories.accounts import MembershipFactory
from tests.factories.customers import CustomerFactory

pytestmark = pytest.mark.django_db(transaction=True)

ENDLESS = "9" * 5000


def _chunk(kind: bytes, data: bytes) -> bytes:
    check = struct.pack(">I", zlib.crc32(kind + data))
    return struct.pack(">I", len(data)) + kind + data + check


_PNG = b"\x89PNG\r\n\x1a\n"
_HEAD = _chunk(b"IHDR", struct.pack(">IIBBBBB", 5, 5, 8, 2, 0, 0, 0))
_PACKED_TEXT = _chunk(b"zTXt", b"a\0\0" + zlib.compress(b"A" * 5_000_000))


@pytest.mark.parametrize(
    "content", [_PNG + _HEAD + _PACKED_TEXT, _PNG + _chunk(b"IHDR", b"\0\0")]
)
def test_a_picture_made_to_break_its_reader_is_refused(webchat, content):
    visitor = ChatVisitor(webchat)
    visitor.begin()
    response = visitor.upload(SimpleUploadedFile("a.png", content))
    assert response.status_code == 422
    assert not Attachment.objects.exists()


@pytest.mark.parametrize(
    "address",
    [
        f"/desk/?shown={ENDLESS}",
        f"/notifications/?last={ENDLESS}",
        "/audit/?since=0001-01-01&until=9999-12-31",
        "/files/%00/",
        "/calls/more/?cursor=%00",
    ],
)
def test_an_absurd_address_is_answered(client_of, admin, queue, address):
    assert client_of(admin).get(address).status_code in {200, 404}


def test_an_endless_number_of_a_message_is_refused(client_of, agent, conversation):
    path = reverse("desk:messages", args=[conversation.pk])
    assert client_of(agent).get(path, {"after": ENDLESS}).status_code == 400


@pytest.mark.parametrize("target", ["desk:home", "nowhere", "//evil.example", "\0"])
def test_only_a_path_of_ours_is_returned_to(client_of, agent, target):
    response = client_of(agent).post("/accounts-switch/", {"next": target})
    assert (response.status_code, response["Location"]) == (302, "/")


def test_a_file_key_with_a_nul_is_no_file(client_of, agent, conversation, webchat):
    data = {"client_id": str(uuid4()), "kind": "reply", "body": "", "file": "\0"}
    path = reverse("desk:compose", args=[conversation.pk])
    assert client_of(agent).post(path, data).status_code == 422
    assert not Message.objects.exists()


def test_nobody_snoozes_until_the_end_of_time(client_of, agent, webchat):
    visitor = ChatVisitor(webchat)
    visitor.begin()
    visitor.send("いつ届きますか")
    inquiry = Inquiry.objects.get()
    path = reverse("desk:snooze", args=[inquiry.pk])
    data = {"until": "at", "at": "9999-12-31T20:00"}
    assert client_of(agent).post(path, data).status_code == 422
    assert Inquiry.objects.get(pk=inquiry.pk).snoozed_until is None


def test_a_call_of_the_year_one_is_refused(account, queue):
    pbx = Pbx(phone_inbox_of(account, queue))
    response = pbx.post(
        '{"call_id": "a", "type": "ringing", "at": "0001-01-01T00:00:00+09:00"}'
    )
    assert response.status_code == 422


def test_a_cursor_of_another_list_leads_nowhere(client_of, agent, account):
    [customer, *_others] = CustomerFactory.create_batch(60, account=account)
    client = client_of(agent)
    cursor = client.get("/customers/").context["next_cursor"]
    assert cursor
    path = reverse("desk:history", args=[customer.pk])
    assert client.get(path, {"cursor": cursor}).status_code == 400


def test_a_call_is_not_given_to_a_customer_of_another_company(
    client_of, agent, queue, other_account
):
    """Not even by a member of both."""
    MembershipFactory(user=agent.user, account=other_account)
    agent.extension = "201"
    agent.save(update_fields=["extension"])
    call = Pbx(phone_inbox_of(agent.account, queue)).ring()
    theirs = CustomerFactory(account=other_account)
    path = reverse("desk:call-answer", args=[call.pk])
    assert client_of(agent).post(path, {"customer": theirs.pk}).status_code == 404
    call.refresh_from_db()
    assert call.state == CallState.RINGING


def test_who_belongs_nowhere_starts_no_call(client_of, agent):
    agent.is_active = False
    agent.save(update_fields=["is_active"])
    assert User.objects.get(pk=agent.user_id).is_active
    response = client_of(agent).post("/calls/start/", {"number": "0312345678"})
    assert response.status_code == 403
