"""Mail of programs and people that do as they like: nothing is lost, or said of others."""

from datetime import timedelta

import pytest
from django.utils import timezone

from conversations.choices import EventState
from conversations.models import Message, ProviderEvent
from customers.models import Customer
from tests.conversations.adapters.email.caller import SECRET
from tests.conversations.adapters.email.test_thread_mail import two_inquiries
from tests.conversations.providers.email import ADDRESS, CUSTOMER, raw_mail

pytestmark = pytest.mark.django_db


def test_two_mails_under_one_message_id_are_two(box):
    first = box.get(text="一通目", message_id="same@form.example.jp")
    other = box.get(
        text="別の人", message_id="same@form.example.jp", sender="jiro@example.jp"
    )
    at = timezone.now() - timedelta(minutes=5)
    second = box.get(text="二通目", message_id="same@form.example.jp", at=at)
    assert [one.body for one in (first, other, second)] == [
        "一通目",
        "別の人",
        "二通目",
    ]
    assert other.conversation_id != first.conversation_id
    assert second.conversation_id == first.conversation_id


def test_a_mail_that_comes_again_by_another_way_is_one(box):
    at = timezone.now().replace(microsecond=0)
    for way in ("a", "b"):
        fields = f"X-Way: {way}\r\n"
        box.get(text="一通", message_id="m@x.jp", at=at, fields=fields)
    later = at + timedelta(seconds=3)
    assert box.get(text="一通", message_id="m@x.jp", at=later) is None
    odd = {"message_id": "m@x.jp", "sender": "jiro@example.jp"}
    assert box.get(**odd) is not None
    assert box.get(**odd) is None
    assert Message.objects.filter(kind="text").count() == 2


FILE = "--b\r\nContent-Type: text/plain; name={name}\r\nContent-Disposition: attachment\r\n\r\n{content}\r\n--b--\r\n"


def with_file(text, name="a.txt", content="内容", **more) -> bytes:
    raw = raw_mail(text, html="<p>同じ</p>", message_id="same@form.example.jp", **more)
    end = FILE.format(name=name, content=content).encode()
    return raw.replace(b"multipart/alternative", b"multipart/mixed").replace(
        b"--b--\r\n", end
    )


def test_only_what_has_the_same_words_and_files_is_a_repeat(box):
    """Of one sender, one Message-ID and one minute: forms send so."""
    at = timezone.now().replace(microsecond=0)
    first = box.get(with_file("申込書です", at=at))
    assert box.get(with_file("申込書です", at=at)) is None
    others = [
        box.get(with_file("申込書の訂正です", at=at)),
        box.get(with_file("申込書です", name="b.txt", at=at)),
        box.get(with_file("申込書です", content="別の内容", at=at)),
        box.get(with_file("申込書です", subject="別の件名", at=at)),
    ]
    assert None not in others
    assert {one.conversation_id for one in others} == {first.conversation_id}
    assert [one.attachments.count() for one in others] == [1, 1, 1, 1]
    assert box.get(with_file("申込書です", content="別の内容", at=at)) is None


def test_who_has_a_clock_that_stands_still_waits_since_their_mail_came(box):
    before = timezone.now()
    message = box.get(at=before - timedelta(days=9_000))
    assert message.occurred_at >= before
    assert message.inquiry.waiting_since >= before
    delayed = box.get(at=before - timedelta(days=3))
    assert delayed.occurred_at < before - timedelta(days=2)


def test_the_same_subject_after_thirty_days_says_nothing_without_a_date_either(box):
    _older, newer, first = two_inquiries(box)
    Message.objects.filter(pk=first.pk).update(
        occurred_at=timezone.now() - timedelta(days=31)
    )
    lines = raw_mail(subject="Re: 一つ目").split(b"\r\n")
    undated = b"\r\n".join(one for one in lines if not one.startswith(b"Date:"))
    assert box.get(undated).inquiry == newer


@pytest.mark.parametrize(
    "sender",
    ["no-reply@forms.example", "wordpress@kogane.example", "NoReply@x.example"],
)
def test_each_customer_of_a_form_is_themselves(box, sender):
    box.set(kind="postmark")
    for name in ("hanako", "jiro"):
        fields = f"Reply-To: {name} <{name}@example.jp>\r\n"
        message = box.get(sender=sender, name="フォーム", fields=fields)
        assert message.identity.value == f"{name}@example.jp"
        assert "auth" not in message.data["email"]
    assert Customer.objects.count() == 2


def test_who_only_wants_the_answer_elsewhere_stays_themselves(box):
    message = box.get(fields="Reply-To: office@example.jp\r\n")
    assert message.identity.value == CUSTOMER


@pytest.mark.parametrize(
    ("spf", "dkim", "is_believed"),
    [
        (b"pass", b"{@kogane.example : pass}", True),
        (b"softfail", b"{@kogane.example : pass}", True),
        (b"fail", b"none", False),
        (b"softfail", b"none", False),
    ],
)
def test_who_only_pretends_to_be_us_answers_nobody(box, caller, spf, dkim, is_believed):
    waiting = box.get().inquiry
    box.set(kind="sendgrid")
    raw = raw_mail("解決しました", sender=ADDRESS, to=CUSTOMER)
    envelope = f'{{"to": ["{ADDRESS}"]}}'.encode()
    fields = {"email": raw, "envelope": envelope, "SPF": spf, "dkim": dkim}
    assert caller.form(fields, query=f"?secret={SECRET}") == 200
    waiting.refresh_from_db()
    assert (waiting.waiting_since is None) is is_believed
    ignored = ProviderEvent.objects.filter(state=EventState.IGNORED)
    assert ignored.exists() is not is_believed
