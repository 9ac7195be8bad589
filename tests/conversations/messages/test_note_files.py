"""A note has files of its own: what was made for members never leaves, in any way."""

import json
from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from conversations.choices import Direction, MessageKind
from conversations.connections.connection import outbound_address
from conversations.inbound.receive import attach
from conversations.models import Attachment, Draft, Message, Visitor
from tests.conversations.webchat.chat import ChatVisitor
from tests.factories.accounts import MembershipFactory
from tests.factories.conversations import ConversationFactory
from tests.factories.customers import CustomerFactory
from tests.factories.file_bytes import picture

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def visitor(webchat) -> ChatVisitor:
    """A customer whose browser reads the chat."""
    visitor = ChatVisitor(webchat)
    visitor.begin()
    visitor.send("在庫はありますか")
    return visitor


@pytest.fixture
def chat(visitor):
    return Visitor.objects.get().customer.conversation


@pytest.fixture
def upload(client_of):
    def uploading(member, conversation, kind="note", name="本人確認.png"):
        file = SimpleUploadedFile(name, picture(), "image/png")
        address = reverse("desk:upload", args=[conversation.pk])
        return client_of(member).post(address, {"file": file, "kind": kind})

    return uploading


@pytest.fixture
def write(client_of):
    def writing(member, conversation, kind, *keys, body="ご確認ください", **fields):
        data = {"client_id": str(uuid4()), "kind": kind, "body": body, "file": keys}
        address = reverse("desk:compose", args=[conversation.pk])
        return client_of(member).post(address, data | fields)

    return writing


def test_a_note_has_its_files_and_the_next_reply_has_none_of_them(
    agent, chat, upload, write, visitor
):
    key = upload(agent, chat).json()["key"]
    assert write(agent, chat, "note", key).status_code == 201
    assert write(agent, chat, "reply", body="ございます").status_code == 201
    note = Message.objects.get(kind=MessageKind.NOTE)
    reply = Message.objects.get(direction=Direction.OUTBOUND)
    assert [one.key for one in note.attachments.all()] == [key]
    assert not reply.attachments.exists()


def test_a_note_may_be_its_file_alone(agent, chat, upload, write, client_of):
    key = upload(agent, chat).json()["key"]
    assert write(agent, chat, "note", key, body="").status_code == 201
    note = Message.objects.get(kind=MessageKind.NOTE)
    page = client_of(agent).get(reverse("desk:message", args=[chat.pk, note.pk]))
    assert reverse("desk:file", args=[key]) in page.content.decode()
    assert write(agent, chat, "note", body="").status_code == 422


@pytest.mark.parametrize(
    ("made_for", "sent_as"), [("note", "reply"), ("reply", "note")]
)
def test_a_forged_post_takes_no_file_of_the_other_kind(
    agent, chat, upload, write, made_for, sent_as
):
    key = upload(agent, chat, made_for).json()["key"]
    before = Message.objects.count()
    answer = write(agent, chat, sent_as, key)
    assert answer.status_code == 422
    assert "banner" in answer.content.decode()
    assert Attachment.objects.get().message is None
    assert Message.objects.count() == before


@pytest.mark.parametrize("kind", ["note", "reply"])
@pytest.mark.parametrize("whose", ["colleague", "conversation", "account", "sent"])
def test_a_forged_post_takes_no_file_of_anybody_else(
    agent, account, stranger, chat, upload, write, kind, whose
):
    writer, place = agent, chat
    if whose == "colleague":
        writer = MembershipFactory(account=account)
    if whose == "conversation":
        place = ConversationFactory(customer=CustomerFactory(account=account))
    if whose == "account":
        writer = stranger
        place = ConversationFactory(customer=CustomerFactory(account=stranger.account))
    key = upload(writer, place, kind).json()["key"]
    if whose == "sent":
        assert write(agent, chat, kind, key).status_code == 201
    before = Message.objects.count()
    assert write(agent, chat, kind, key).status_code == 422
    assert Message.objects.count() == before


@pytest.mark.parametrize("kind", ["", "both", "REPLY"])
def test_an_upload_says_what_it_is_for(agent, chat, upload, kind):
    assert upload(agent, chat, kind).status_code == 400
    assert not Attachment.objects.exists()


@pytest.mark.parametrize("kind", ["note", "reply"])
def test_a_double_click_writes_once_and_keeps_the_file(
    agent, chat, upload, write, kind
):
    key = upload(agent, chat, kind).json()["key"]
    client_id = str(uuid4())
    for _press in range(2):
        answer = write(agent, chat, kind, key, client_id=client_id)
        assert answer.status_code == 201
    written = Message.objects.get(client_id=client_id)
    assert [one.key for one in written.attachments.all()] == [key]


def test_two_tabs_send_one_file_once(agent, chat, upload, write):
    key = upload(agent, chat, "reply").json()["key"]
    assert write(agent, chat, "reply", key).status_code == 201
    answer = write(agent, chat, "reply", key)
    assert answer.status_code == 422
    assert Message.objects.filter(direction=Direction.OUTBOUND).count() == 1


def test_the_customer_sees_no_file_of_a_note(agent, chat, upload, write, visitor):
    key = upload(agent, chat).json()["key"]
    assert visitor.get(f"files/{key}/").status_code == 404
    write(agent, chat, "note", key)
    assert visitor.get(f"files/{key}/").status_code == 404
    assert key not in str(visitor.history())


def test_nobody_outside_the_account_sees_a_file_of_a_note(
    agent, stranger, account, chat, upload, write, client_of, client
):
    key = upload(agent, chat).json()["key"]
    colleague = MembershipFactory(account=account)
    write(agent, chat, "note", key)
    for name in ("file", "preview"):
        address = reverse(f"desk:{name}", args=[key])
        assert client_of(colleague).get(address).status_code == 200
        assert client_of(stranger).get(address).status_code == 404
        assert client.get(address).status_code == 302


def test_a_provider_is_given_no_file_of_a_note_with_a_signed_address(
    agent, chat, upload, write, client, settings
):
    """Even where a row says it were a reply's: the file itself does not leave."""
    key = upload(agent, chat).json()["key"]
    write(agent, chat, "note", key)
    Message.objects.filter(kind=MessageKind.NOTE).update(direction=Direction.OUTBOUND)
    found = Attachment.objects.get()
    address = outbound_address(found, life=timedelta(minutes=1))
    path = address.removeprefix(settings.PUBLIC_URL or settings.LOCAL_URL)
    assert client.get(path).status_code == 404


def test_no_caller_attaches_a_file_across_the_kinds(agent, chat, upload):
    upload(agent, chat)
    question = Message.objects.get(direction=Direction.INBOUND)
    with pytest.raises(ValueError, match="kind"):
        attach(question, Attachment.objects.all())


def test_each_draft_has_its_own_files_and_a_reload_brings_them_back(
    agent, chat, upload, client_of
):
    note, reply = (
        upload(agent, chat, kind).json()["key"] for kind in ("note", "reply")
    )
    client = client_of(agent)
    address = reverse("desk:draft", args=[chat.pk])
    for kind in ("note", "reply"):
        both = f'{{"files": ["{note}", "{reply}"], "subject": "件名"}}'
        client.post(address, {"kind": kind, "body": "", "beside": both})
    page = client.get(reverse("desk:conversation", args=[chat.pk])).content.decode()
    shown = {
        name: page.split(f'data-{name}="')[1].split('"')[0]
        for name in ("beside", "note-beside")
    }
    assert note in shown["note-beside"]
    assert reply not in shown["note-beside"]
    assert "件名" not in shown["note-beside"]
    assert reply in shown["beside"]
    assert note not in shown["beside"]


def test_a_draft_that_arrives_behind_its_own_message_is_none(
    agent, chat, write, client_of
):
    client_id = str(uuid4())
    write(agent, chat, "reply", client_id=client_id)
    late = {"kind": "reply", "body": "ご確認ください", "client_id": client_id}
    client_of(agent).post(reverse("desk:draft", args=[chat.pk]), late)
    assert not Draft.objects.exists()


def test_a_note_cannot_be_quoted_to_the_customer(agent, chat, write, webchat):
    """Nor anything else that members alone see, by its number in a forged post."""
    write(agent, chat, "note")
    note = Message.objects.get(kind=MessageKind.NOTE)
    Message.objects.filter(pk=note.pk).update(provider_message_id="n1", inbox=webchat)
    write(agent, chat, "reply", quoted=str(note.pk))
    reply = Message.objects.get(direction=Direction.OUTBOUND)
    assert not reply.data.get("quoted")


@pytest.mark.parametrize("kind", ["note", "reply"])
def test_what_was_changed_after_a_lost_answer_does_not_count_as_sent(
    agent, chat, upload, write, kind
):
    """The first submission had arrived, its answer had not; the writer goes on."""
    client_id = str(uuid4())
    assert write(agent, chat, kind, client_id=client_id).status_code == 201
    more = write(agent, chat, kind, client_id=client_id, body="追伸もあります")
    assert more.status_code == 409
    assert json.loads(more["HX-Trigger-After-Swap"])["composer-refused"]["isSent"]
    key = upload(agent, chat, kind).json()["key"]
    assert write(agent, chat, kind, key, client_id=client_id).status_code == 409
    assert Message.objects.filter(client_id=client_id).count() == 1
    assert write(agent, chat, kind, client_id=client_id).status_code == 201
