"""What must always be true of threads and inquiries, late, repeated or forced."""

import re
from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from conversations.choices import Channel, InquiryStatus
from conversations.inquiries.actions import reference
from conversations.models import Conversation, Inquiry, Message
from tests.conversations.webchat.chat import ChatVisitor
from tests.factories.conversations import ContactReasonFactory
from tests.receiving import receive_message

_LOOK_ALIKE = set("01OIQSZBG")


@pytest.fixture
def arrive(conversation, webchat):
    def arriving(body: str, at: datetime | None = None, **fields) -> Message:
        return receive_message(
            conversation.customer,
            inbox=webchat,
            channel=Channel.WEBCHAT,
            body=body,
            occurred_at=at,
            **fields,
        ).message

    return arriving


@pytest.fixture
def visitor(webchat) -> ChatVisitor:
    visitor = ChatVisitor(webchat)
    visitor.begin()
    visitor.send("いつ届きますか")
    return visitor


@pytest.fixture
def close(client_of, agent):
    """The agent closes the only open inquiry, so many minutes ago."""

    def closing(minutes: int = 0) -> None:
        inquiry = Inquiry.objects.open().get()
        reason = ContactReasonFactory(account=inquiry.account)
        path = reverse("desk:close", args=[inquiry.pk])
        data = {"status": InquiryStatus.DONE, "reason": reason.pk}
        assert client_of(agent).post(path, data).status_code == 204
        then = timezone.now() - timedelta(minutes=minutes)
        Inquiry.objects.filter(pk=inquiry.pk).update(closed_at=then)

    return closing


def test_a_late_message_is_marked_and_stands_where_it_belongs(
    arrive, conversation, client_of, agent
):
    now = timezone.now()
    first = arrive("一通目", now - timedelta(minutes=2))
    last = arrive("三通目", now)
    late = arrive("二通目", now - timedelta(minutes=1))
    assert [message.is_late for message in (first, last, late)] == [False, False, True]
    path = reverse("desk:workspace", args=[conversation.pk])
    text = client_of(agent).get(path).content.decode().split('id="thread"')[1]
    assert text.index("一通目") < text.index("二通目") < text.index("三通目")
    bubble = text[text.index("二通目") :]
    assert "遅れて届きました" in bubble[: bubble.index("三通目")]
    assert text.count("遅れて届きました") == 1
    conversation.refresh_from_db()
    assert conversation.preview == "三通目"


def test_what_the_provider_delivers_again_changes_nothing(arrive, conversation):
    arrive("一度だけ", provider_message_id="m-1")
    before = list(Conversation.objects.values()), list(Inquiry.objects.values())
    rows = list(Message.objects.order_by("pk").values())
    arrive("書き換え", timezone.now(), provider_message_id="m-1")
    after = list(Conversation.objects.values()), list(Inquiry.objects.values())
    assert list(Message.objects.order_by("pk").values()) == rows
    assert after == before


def _again(row, **changes):
    """The same row once more, under another number."""
    copy = type(row).objects.get(pk=row.pk)
    copy.pk = None
    copy._state.adding = True
    for name, value in changes.items():
        setattr(copy, name, value)
    return copy


@pytest.mark.parametrize(
    ("constraint", "second"),
    [
        ("customer_id", lambda m: _again(m.conversation)),
        ("one_open_inquiry", lambda m: _again(m.inquiry, reference="A2A-2222")),
        (
            "inquiry_reference_once",
            lambda m: _again(
                m.inquiry, status=InquiryStatus.DONE, closed_at=timezone.now()
            ),
        ),
        (
            "closed_has_a_time",
            lambda m: _again(
                m.inquiry, status=InquiryStatus.DONE, reference="A2A-2222"
            ),
        ),
        ("message_arrives_once", lambda m: _again(m, client_id=None)),
        ("message_written_once", lambda m: _again(m, provider_message_id=None)),
    ],
)
def test_the_database_itself_refuses(arrive, constraint, second):
    arrived = arrive("一通目", provider_message_id="m-1")
    arrived.client_id = uuid4()
    arrived.save(update_fields=["client_id"])
    row = second(arrived)
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        row.save(force_insert=True)


@pytest.mark.parametrize(("minutes", "inquiries"), [(59, 1), (61, 2)])
def test_each_account_says_how_long_a_closed_inquiry_comes_back(
    visitor, account, close, minutes, inquiries
):
    account.reopen_hours = 1
    account.save(update_fields=["reopen_hours"])
    close(minutes)
    assert visitor.send("まだ届きません").status_code == 201
    assert Inquiry.objects.count() == inquiries
    assert Inquiry.objects.open().count() == 1


def test_a_reference_is_quotable_and_has_nothing_that_looks_alike(visitor):
    assert re.fullmatch(r"[A-Z]\d[A-Z]-\d{4}", Inquiry.objects.get().reference)
    assert not (set(reference.LETTERS) | set(reference.DIGITS)) & _LOOK_ALIKE


def test_references_grow_longer_once_the_short_ones_run_short(
    visitor, webchat, other_account, monkeypatch
):
    monkeypatch.setattr(reference.secrets, "choice", lambda _letters: "2")
    Inquiry.objects.update(reference="222-2222")
    second = ChatVisitor(webchat, address="198.51.100.7")
    second.begin()
    assert second.send("別の人です").status_code == 201
    assert set(Inquiry.objects.values_list("reference", flat=True)) == {
        "222-2222",
        "222-22222",
    }
    assert reference.new_reference(other_account.pk) == "222-2222"
