"""Card numbers are cut out of a mail at the door, where whoever sends it cannot wait."""

from itertools import count

import pytest

from conversations.models import MailBody, ProviderEvent
from tests.conversations.providers.email import posted, raw_mail
from tests.effort import assert_effort_below

pytestmark = pytest.mark.django_db

CARD = "4111111111111111"
HEAD = b"From: h@example.jp\r\nTo: support@kogane.example\r\nMessage-ID: <1@x>\r\n"
MASKED = "•••• •••• •••• 1111"


@pytest.mark.parametrize(
    "raw",
    [
        HEAD + b"Cc: " + b"a" * 60_000 + b"\r\n\r\nhi",
        HEAD + b"Cc: " + b'"a' * 30_000 + b"\r\n\r\nhi",
        HEAD + b"Cc: " + b"a\r\n " * 60_000 + b"\r\n\r\nhi",
        HEAD + b"Content-Type: a/b; name" + b"*1" * 30_000 + b"\r\n\r\nhi",
        HEAD + b"\r\nFrom: " + b"a" * 60_000,
        HEAD + b"Cc: " + b"4 " * 2_000_000 + b"<a@b.jp>\r\n\r\nhi",
        HEAD + b"\r\n" + b"4 " * 200_000,
        HEAD + b"\r\n" + b"4111 " * 80_000,
    ],
    ids=[
        "name",
        "quotes",
        "folds",
        "file name",
        "body",
        "digits of a name",
        "digits",
        "groups",
    ],
)
def test_no_words_of_a_mail_hold_up_the_door(box, raw):
    tries = count()  # each another mail: one is known when it comes again
    assert_effort_below(
        4, lambda: box.post(posted(b"X-Try: %d\r\n" % next(tries) + raw))
    )
    assert ProviderEvent.objects.exists()


def test_a_number_that_is_subject_and_text_alike_is_cut_out_of_both(box):
    raw = HEAD + f"Subject: {CARD}\r\nX-Last: 1\r\n\r\n{CARD}\r\n".encode()
    message = box.get(raw)
    assert (message.inquiry.subject, message.body) == (MASKED, MASKED)
    assert CARD.encode() not in bytes(ProviderEvent.objects.get().body)


def test_words_that_stand_in_a_file_too_are_cut_out_where_they_are_words(box):
    raw = (
        HEAD + b"Content-Type: multipart/mixed; boundary=x\r\n\r\n"
        b"--x\r\nContent-Type: application/octet-stream; name=a.bin\r\n\r\n"
        + f"{CARD}\r\n--x\r\nContent-Type: text/plain\r\n\r\n{CARD}\r\n--x--".encode()
    )
    message = box.get(raw)
    assert message.body == MASKED
    assert message.attachments.get().file.read() == CARD.encode()


def test_flowed_words_stay_flowed_where_a_number_is_cut_out(box):
    fields = "Content-Type: text/plain; charset=utf-8; format=flowed; delsp=yes\r\n"
    raw = raw_mail(fields=fields).partition(b"\r\n\r\n")[0]
    box.post(posted(raw + f"\r\n\r\nカードは \r\n{CARD} \r\nです".encode()))
    assert MailBody.objects.get().text.strip() == f"カードは{MASKED}です"
