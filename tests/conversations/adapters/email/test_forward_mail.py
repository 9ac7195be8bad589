"""Passing a mail on: a side thread that the customer never sees."""

from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from conversations.models import Attachment, Conversation, Message
from customers.models import Customer
from tests.conversations.providers.email import CUSTOMER

pytestmark = pytest.mark.django_db
MAKER = "maker@factory.example"


@pytest.fixture
def forwarded(box, agent, client_of, esp):
    """A customer's mail, and what was sent to the maker about it."""
    with open("tests/payloads/email/inbound-parsed.json", "rb") as file:
        box.post(file.read())
    source = Message.objects.get(kind="text")
    path = f"/conversations/{source.conversation_id}/messages/{source.pk}/forward/"
    form = {"to": MAKER, "body": "在庫はありますか。", "with_files": "on"}
    with box.committing(execute=True):
        answer = client_of(agent).post(path, {**form, "client_id": uuid4()})
    assert answer.status_code == 204
    return source, Message.objects.get(direction="outbound")


def test_it_goes_to_them_alone_with_the_mail_below_and_its_files(forwarded, esp):
    source, message = forwarded
    sent_mail = esp.log[-1][0].json
    assert (sent_mail["To"], sent_mail.get("Cc")) == (MAKER, None)
    assert sent_mail["Subject"] == "Fwd: 注文の件①"
    assert "> まだ届きません。" in sent_mail["TextBody"]
    assert [one["Name"] for one in sent_mail["Attachments"]] == ["写真.png"]
    assert message.kind == "note"
    assert message.state == "sent"
    assert Attachment.objects.filter(message=source).exists()


def test_copies_and_more_files_go_along(box, agent, client_of, esp):
    source = box.get()
    path = f"/conversations/{source.conversation_id}/messages/{source.pk}/forward/"
    form = {
        "to": MAKER,
        "cc": "山本 <yamamoto@factory.example>; taro@example.jp",
        "body": "図面です。",
        "client_id": uuid4(),
        "more_files": [
            SimpleUploadedFile("図面.pdf", b"%PDF-1.4 x", "application/pdf"),
            SimpleUploadedFile("寸法.txt", b"10 cm", "text/plain"),
        ],
    }
    with box.committing(execute=True):
        assert client_of(agent).post(path, form).status_code == 204
    sent = esp.log[-1][0].json
    assert [one["Name"] for one in sent["Attachments"]] == ["図面.pdf", "寸法.txt"]
    assert "yamamoto@factory.example" in sent["Cc"]
    assert "taro@example.jp" in sent["Cc"]
    message = Message.objects.get(direction="outbound")
    assert message.data["email"]["cc"][0] == ["山本", "yamamoto@factory.example"]


@pytest.mark.parametrize(
    ("more", "words"),
    [
        (
            {"cc": "taro@example.jp, これは違う"},
            "「これは違う」はメールアドレスではありません",
        ),
        ({"more_files": SimpleUploadedFile("空.txt", b"")}, "空"),
    ],
)
def test_a_copy_to_no_address_and_an_empty_file_are_refused_in_the_form(
    box, agent, client_of, esp, more, words
):
    source = box.get()
    path = f"/conversations/{source.conversation_id}/messages/{source.pk}/forward/"
    form = {"to": MAKER, "body": "図面です。", "client_id": uuid4(), **more}
    answer = client_of(agent).post(path, form)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert "図面です。" in answer.content.decode()
    assert not Message.objects.filter(direction="outbound").exists()


def test_their_answer_comes_back_beside_the_thread(box, forwarded, agent, client_of):
    source, message = forwarded
    token = message.data["email"]["token"]
    answer = box.get(
        sender=MAKER, to=f"support+{token}@kogane.example", text="あります"
    )
    assert answer.conversation == source.conversation
    assert answer.kind == "note"
    assert answer.identity is None
    assert Customer.objects.count() == Conversation.objects.count() == 1
    page = client_of(agent).get(f"/conversations/{source.conversation_id}/")
    assert "あります" in page.content.decode()
    assert MAKER in page.content.decode()


def test_their_answer_comes_back_by_reference_too(box, forwarded):
    _source, message = forwarded
    fields = f"In-Reply-To: <{message.data['email']['message_id']}>\r\n"
    answer = box.get(sender=MAKER, fields=fields)
    assert answer.data["side"]["id"] == message.pk


def test_of_their_answers_only_one_with_the_same_words_is_a_repeat(box, forwarded):
    _source, message = forwarded
    to = f"support+{message.data['email']['token']}@kogane.example"
    for text in ("あります", "やはりありません", "あります"):
        box.get(sender=MAKER, to=to, message_id="same@factory", text=text)
    answers = Message.objects.filter(kind="note", direction="inbound").order_by("pk")
    assert [one.body for one in answers] == ["あります", "やはりありません"]


def test_the_customer_is_still_who_is_answered(box, forwarded, agent, esp):
    _source, message = forwarded
    token = message.data["email"]["token"]
    box.get(sender=MAKER, to=f"support+{token}@kogane.example", text="内緒の返事")
    box.reply(agent, "ございました。")
    sent_mail = esp.log[-1][0].json
    assert sent_mail["To"] == CUSTOMER
    assert "内緒の返事" not in sent_mail["TextBody"]


def test_with_their_token_nobody_else_gets_in(box, forwarded):
    source, message = forwarded
    token = message.data["email"]["token"]
    stranger = box.get(sender="who@evil.example", to=f"support+{token}@kogane.example")
    assert stranger.conversation != source.conversation


def test_going_on_with_them_stays_in_the_side_thread(
    box, forwarded, agent, client_of, esp
):
    source, message = forwarded
    token = message.data["email"]["token"]
    answer = box.get(
        sender=MAKER, to=f"support+{token}@kogane.example", message_id="a1@factory"
    )
    path = f"/conversations/{source.conversation_id}/messages/{answer.pk}/forward/"
    assert MAKER in client_of(agent).get(path).content.decode()
    with box.committing(execute=True):
        client_of(agent).post(
            path, {"to": MAKER, "body": "では一つ", "client_id": uuid4()}
        )
    again = Message.objects.latest("pk")
    assert again.data["side"] == {"id": message.pk, "address": MAKER}
    headers = {one["Name"]: one["Value"] for one in esp.log[-1][0].json["Headers"]}
    assert headers["In-Reply-To"] == "<a1@factory>"


def test_what_is_no_address_is_said_in_the_form(box, agent, client_of):
    source = box.get()
    path = f"/conversations/{source.conversation_id}/messages/{source.pk}/forward/"
    form = {"to": "だれか", "body": "はい", "client_id": uuid4()}
    answer = client_of(agent).post(path, form)
    assert answer.status_code == 422
    assert not Message.objects.filter(direction="outbound").exists()
