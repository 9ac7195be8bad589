"""A card number is cut out of a mail as it is read, however the mail is encoded."""

import base64
import json
import quopri
from email import message_from_bytes, policy
from urllib.parse import quote

import pytest

from conversations.models import MailBody, ProviderEvent
from tests.conversations.adapters.email.mailbox import sent
from tests.conversations.providers.email import raw_mail

pytestmark = pytest.mark.django_db

CARD = "4111111111111111"
GROUPS = "4111 1111 1111 1111"
WORDS = "カード番号は４１１１・１１１１・１１１１・１１１１です。"
IN_HTML = (
    "<p>カードは 4111<b>1111</b>1111<i>1111</i> です。</p><table><tr><td>4111</td>"
    "<td>1111</td><td>1111</td><td>1111</td></tr></table><p>&#52;111 1111 1111 1111</p>"
)
NO_CARDS = (
    "ご注文番号 250-1058756-4279348 の件です。商品は 4901863135211、"
    "写真は IMG_20220210_175153748.jpg です。"
)
HEAD = (
    "From: h@example.jp\r\nTo: support@kogane.example\r\nMessage-ID: <1@x>\r\n"
    "MIME-Version: 1.0\r\n"
)


def as_part(text: str, *, kind: str, charset: str, encoding: str) -> bytes:
    content = text.encode(charset)
    if encoding == "base64":
        content = base64.encodebytes(content)
    elif encoding == "quoted-printable":
        content = quopri.encodestring(content)
    head = (
        f"{HEAD}Subject: s\r\nContent-Type: text/{kind}; charset={charset}\r\n"
        f"Content-Transfer-Encoding: {encoding}\r\n\r\n"
    )
    return head.encode() + content


def stored() -> bytes:
    return bytes(ProviderEvent.objects.get().body)


def digits_of(text: str) -> str:
    return "".join(letter for letter in text if letter.isdecimal())


@pytest.mark.parametrize("kind", ["plain", "html"])
@pytest.mark.parametrize(
    ("charset", "encoding"),
    [
        ("utf-8", "8bit"),
        ("utf-8", "base64"),
        ("utf-8", "quoted-printable"),
        ("iso-2022-jp", "7bit"),
        ("shift_jis", "base64"),
        ("utf-16", "base64"),
    ],
)
def test_no_part_of_the_stored_mail_can_be_decoded_to_one(box, kind, charset, encoding):
    box.get(as_part(WORDS, kind=kind, charset=charset, encoding=encoding))
    read = message_from_bytes(stored(), policy=policy.default).get_content()
    assert "1111です。" in read.replace("１", "1")
    assert "カード番号は" in read
    assert len(digits_of(read)) == 4


def test_html_shows_no_whole_number_in_any_reading(box):
    box.get(as_part(IN_HTML, kind="html", charset="utf-8", encoding="8bit"))
    mail = MailBody.objects.get()
    read = message_from_bytes(stored(), policy=policy.default).get_content()
    for text in (read, mail.html, mail.text, mail.message.body):
        assert digits_of(text) == "1111" * 3
        assert "カードは" in text
    assert "<td>••••</td>" in mail.html


def test_numbers_that_are_no_cards_stand_as_they_were_written(box):
    raw = raw_mail(NO_CARDS, subject="IMG_20220210_175153748.jpg")
    message = box.get(raw)
    assert message.body == NO_CARDS
    assert message.inquiry.subject == "IMG_20220210_175153748.jpg"
    assert stored().endswith(raw)


@pytest.mark.parametrize(
    "field",
    [
        f"Subject: {GROUPS}",
        "Subject: =?utf-8?B?" + base64.b64encode(WORDS.encode()).decode() + "?=",
        f"Subject: s\r\nThread-Topic: {GROUPS}",
        f"Subject: s\r\nComments: {GROUPS}",
        "Subject: s\r\nCc: =?utf-8?B?"
        + base64.b64encode(GROUPS.encode()).decode()
        + "?= <a@x.example>",
    ],
)
def test_no_field_of_the_stored_mail_can_be_decoded_to_one(box, field):
    box.get(f"{HEAD}{field}\r\nContent-Type: text/plain\r\n\r\nhi".encode())
    fields = message_from_bytes(stored(), policy=policy.default)
    read = " ".join(str(value) for value in fields.values())
    assert CARD not in digits_of(read.replace("１", "1"))
    assert "1111" in read


@pytest.mark.parametrize(
    "name",
    [
        f'filename="{GROUPS}.pdf"',
        "filename*=utf-8''" + quote(f"{WORDS}.pdf"),
        'filename="=?utf-8?B?'
        + base64.b64encode(f"{GROUPS}.pdf".encode()).decode()
        + '?="',
        'filename*0="4111 1111 "; filename*1="1111 1111.pdf"',
    ],
)
def test_no_name_of_a_file_can_be_decoded_to_one(box, name):
    raw = (
        f"{HEAD}Subject: s\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n"
        "Content-Type: text/plain\r\n\r\nhi\r\n--b\r\nContent-Type: application/pdf\r\n"
        f"Content-Disposition: attachment; {name}\r\n\r\n%PDF-1.4\r\n--b--\r\n"
    )
    message = box.get(raw.encode())
    [part] = message_from_bytes(stored(), policy=policy.default).iter_attachments()
    for shown in (part.get_filename(), message.attachments.get().name):
        assert digits_of(shown) == "1111"
        assert shown.endswith(".pdf")


def test_words_behind_a_large_picture_are_masked_too(box):
    picture = base64.b64encode(bytes(1_200_000)).decode()
    html = f"<img src='data:image/png;base64,{picture}'><p>{GROUPS}</p>"
    box.get(as_part(html, kind="html", charset="utf-8", encoding="8bit"))
    read = message_from_bytes(stored(), policy=policy.default).get_content()
    assert picture in read
    assert "•••• •••• •••• 1111" in read


def test_neither_subject_nor_formatted_words_of_a_reply_hold_one(box, esp, agent):
    conversation = box.get().conversation
    html = f"<p>{CARD[:8]}<b>{CARD[8:]}</b></p>"
    box.reply(agent, "ご確認ください", subject=GROUPS, html=html)
    message = sent(conversation)
    mail = MailBody.objects.get(message=message)
    stored_words = json.dumps(message.data) + mail.html + mail.text
    assert CARD not in digits_of(stored_words)
    assert mail.html.count("1111</b>") == 1
    assert "•••• •••• •••• 1111" in message.data["email"]["subject"]
