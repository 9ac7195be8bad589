"""Which inquiry a mail belongs to, and who may say so."""

from datetime import timedelta

import pytest
from django.utils import timezone

from conversations.adapters.email.token import INQUIRY, plus_address, token_of
from conversations.choices import InquiryStatus
from conversations.models import Conversation, Inquiry, Message
from tests.conversations.adapters.email.mailbox import delivery_of
from tests.conversations.providers.email import ADDRESS

pytestmark = pytest.mark.django_db
OTHER = "jiro@example.jp"


def closed(inquiry: Inquiry, *, days: float = 0) -> Inquiry:
    Inquiry.objects.filter(pk=inquiry.pk).update(
        status=InquiryStatus.DONE, closed_at=timezone.now() - timedelta(days=days)
    )
    inquiry.refresh_from_db()
    return inquiry


def two_inquiries(box) -> tuple[Inquiry, Inquiry, Message]:
    """An older one and a newer one, both closed within the window to reopen."""
    first = box.get(subject="一つ目", message_id="first@mail.example.jp")
    closed(first.inquiry, days=60)
    second = box.get(subject="二つ目", message_id="second@mail.example.jp")
    assert second.inquiry_id != first.inquiry_id
    closed(second.inquiry)
    closed(first.inquiry)
    return first.inquiry, second.inquiry, first


def test_a_token_reopens_its_own_inquiry_not_the_newest(box):
    older, _newer, _first = two_inquiries(box)
    to = plus_address(ADDRESS, token_of(INQUIRY, older.pk).upper())
    assert box.get(to=to, subject="別の件名").inquiry == older


def test_a_token_in_the_subject_does_as_well(box):
    older, _newer, _first = two_inquiries(box)
    mark = token_of(INQUIRY, older.pk)
    assert box.get(subject=f"Re: 別の件名 [#{mark}]").inquiry == older


def test_a_reference_reopens_the_inquiry_of_that_mail(box):
    older, _newer, _first = two_inquiries(box)
    fields = "References: <unknown@x> <first@mail.example.jp>\r\n"
    assert box.get(subject="別の件名", fields=fields).inquiry == older


def test_the_same_subject_within_thirty_days_does_without_any_mark(box):
    older, _newer, _first = two_inquiries(box)
    assert box.get(subject="RE: 返信: 一つ目").inquiry == older


def test_the_same_subject_after_thirty_days_says_nothing(box):
    older, newer, first = two_inquiries(box)
    Message.objects.filter(pk=first.pk).update(
        occurred_at=timezone.now() - timedelta(days=31)
    )
    assert box.get(subject="RE: 一つ目").inquiry == newer
    assert older != newer


def test_a_mark_of_somebody_elses_inquiry_is_checked_never_joined(
    box, agent, client_of
):
    mine = box.get(subject="私の件")
    to = plus_address(ADDRESS, token_of(INQUIRY, mine.inquiry_id))
    theirs = box.get(sender=OTHER, to=to, text="転送されました")
    assert theirs.conversation_id != mine.conversation_id
    line = mine.conversation.messages.get(event="to_check")
    assert line.data["after"]["value"] == OTHER
    assert line.data["after"]["conversation"] == theirs.conversation_id
    page = client_of(agent).get(f"/conversations/{mine.conversation_id}/")
    assert OTHER in page.content.decode()
    assert not mine.conversation.messages.filter(body="転送されました").exists()


def test_a_forged_mark_is_no_mark(box):
    mine = box.get(subject="私の件")
    token = token_of(INQUIRY, mine.inquiry_id)
    forged = token[:-1] + ("a" if token[-1] != "a" else "b")
    box.get(sender=OTHER, to=plus_address(ADDRESS, forged))
    assert not Message.objects.filter(event="to_check").exists()


def test_an_answer_to_our_mail_finds_it_by_the_message_id_we_gave(box, agent, esp):
    first = box.get(subject="在庫")
    box.reply(agent)
    ours = delivery_of(first.conversation.messages.get(direction="outbound"))
    message_id = ours.provider_message_ids[-1]
    closed(first.inquiry)
    fields = f"In-Reply-To: <{message_id}>\r\n"
    answer = box.get(subject="まったく別", fields=fields)
    assert answer.inquiry == first.inquiry


def test_an_automatic_answer_reopens_nothing_and_nobody_waits(box, agent):
    first = box.get()
    close = closed(first.inquiry)
    auto = box.get(text="不在です", fields="Auto-Submitted: auto-replied\r\n")
    close.refresh_from_db()
    assert auto.inquiry == close
    assert close.status == InquiryStatus.DONE
    assert close.waiting_since == first.inquiry.waiting_since
    assert auto.data["email"]["automatic"]


def test_an_automatic_mail_of_a_new_sender_is_still_seen(box):
    message = box.get(fields="Auto-Submitted: auto-generated\r\n")
    assert message.inquiry.waiting_since is not None
    assert Conversation.objects.count() == 1


def test_two_customers_with_one_subject_stay_apart(box):
    one, two = box.get(subject="返品"), box.get(subject="Re: 返品", sender=OTHER)
    assert one.conversation_id != two.conversation_id
