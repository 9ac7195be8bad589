"""Reactions and earlier texts: rows of their own, and what stood in the JSON before."""

from datetime import UTC, datetime, timedelta
from importlib import import_module

import pytest
from django.db import IntegrityError
from django.utils import timezone

from conversations.choices import Channel
from conversations.desk.selectors import thread
from conversations.messages.change import edit_text, erase_content, set_reaction
from conversations.models import Message, MessageEdit, MessageReaction
from tests.factories.changes import earlier_texts_of, reactions_of
from tests.factories.conversations import ConversationFactory, InboxFactory
from tests.factories.threads import inbound_message

pytestmark = pytest.mark.django_db
MIGRATIONS = "conversations.migrations"
windows = import_module(f"{MIGRATIONS}._windows")
AT = datetime(2026, 11, 25, 1, tzinfo=UTC)


@pytest.fixture
def conversation(account):
    return ConversationFactory(account=account)


@pytest.fixture
def inbox(account):
    return InboxFactory(account=account, channel=Channel.LINE)


@pytest.fixture
def write(conversation, inbox):
    return lambda body="", **fields: inbound_message(
        conversation, inbox, body, **fields
    )


@pytest.fixture
def small_windows(monkeypatch):
    monkeypatch.setattr(windows, "WINDOW", 2)


def run(name: str, *, back: bool = False) -> None:
    migration = import_module(f"{MIGRATIONS}.{name}")
    (migration.put_back if back else migration.move)(None, None)


def test_a_reaction_of_each_side_is_one_row(write):
    message = write("一")
    set_reaction(message, "customer", "👍", at=AT)
    set_reaction(message, "us", "❤", at=AT)
    assert set_reaction(message, "customer", "😀", at=AT + timedelta(seconds=1))
    assert reactions_of(message) == {"customer": "😀", "us": "❤"}
    with pytest.raises(IntegrityError):
        MessageReaction.objects.create(
            account=message.account, message=message, side="us", emoji="x", at=AT
        )


def test_a_late_reaction_does_not_undo_one_that_was_taken_back(write):
    message = write("一")
    set_reaction(message, "customer", "", at=AT)
    assert not set_reaction(message, "customer", "👍", at=AT - timedelta(seconds=1))
    assert reactions_of(message) == {}


def test_a_late_edit_is_an_earlier_text_and_a_redelivered_one_nothing(write):
    message = write("一")
    assert edit_text(message, "三", at=AT)
    assert edit_text(message, "二", at=AT - timedelta(minutes=1))
    assert not edit_text(message, "三", at=AT)
    message.refresh_from_db()
    assert message.body == "三"
    assert earlier_texts_of(message) == ["二", "一"]


def test_only_the_newest_twenty_texts_stay(write):
    message = write("0")
    for number in range(1, 26):
        edit_text(message, str(number), at=AT + timedelta(minutes=number))
    assert earlier_texts_of(message) == [str(number) for number in range(5, 25)]


def test_what_is_erased_leaves_no_row(write):
    message = write("一")
    edit_text(message, "二", at=AT)
    set_reaction(message, "us", "❤", at=AT)
    erase_content(message)
    assert not MessageReaction.objects.exists()
    assert not MessageEdit.objects.exists()


def test_the_thread_shows_them_in_the_same_queries(
    write, conversation, django_assert_num_queries
):
    def page():
        items = thread.latest(conversation).items
        return [
            (one.message.shown_reactions, one.message.earlier_texts) for one in items
        ]

    first = write("一", minutes=9)
    with django_assert_num_queries(2):  # the messages, and their files
        assert page() == [(None, None)]
    set_reaction(first, "customer", "👍", at=AT)
    set_reaction(first, "us", "❤", at=AT)
    edit_text(first, "二", at=AT)
    for number in range(5):
        edit_text(write(str(number)), "三", at=AT)
    with django_assert_num_queries(2):
        reactions, texts = page()[0]
    assert reactions == [
        {"side": "us", "emoji": "❤"},
        {"side": "customer", "emoji": "👍"},
    ]
    assert texts == [{"body": "一", "until": "2026-11-25T01:00:00+00:00"}]


def test_reactions_move_out_of_the_json_and_back(write, small_windows):
    old = {"reactions": {"us": "❤"}, "reacted_at": {"us": AT.isoformat()}}
    both = write("一", data={**old, "kind": "stays"})
    later = (AT + timedelta(microseconds=5)).isoformat()
    gone = write("二", data={"reactions": {}, "reacted_at": {"customer": later}})
    timeless = write("三", data={"reactions": {"customer": "👍"}})
    write("四")
    for _run in range(2):
        run("0028_move_reactions")
        assert reactions_of(both) == {"us": "❤"}
        assert both.reactions.get().at == AT
        assert (gone.reactions.get().emoji, gone.reactions.get().at) == (
            "",
            AT + timedelta(microseconds=5),
        )
        assert timeless.reactions.get().at == timeless.occurred_at
        assert [one.data for one in Message.objects.order_by("pk")] == [
            {"kind": "stays"},
            *({}, {}, {}),
        ]
    run("0028_move_reactions", back=True)
    both.refresh_from_db()
    assert both.data == {**old, "kind": "stays"}
    assert Message.objects.get(pk=gone.pk).data["reactions"] == {}
    assert not MessageReaction.objects.exists()
    run("0028_move_reactions")
    assert reactions_of(timeless) == {"customer": "👍"}


def test_a_reaction_that_came_meanwhile_is_not_overwritten(write):
    message = write("一", data={"reactions": {"us": "❤"}})
    set_reaction(message, "us", "👍", at=timezone.now())
    run("0028_move_reactions")
    assert reactions_of(message) == {"us": "👍"}


def test_earlier_texts_move_out_of_the_json_and_back(write, small_windows):
    until = [(AT + timedelta(minutes=n)).isoformat() for n in range(2)]
    earlier = [{"body": str(n), "until": one} for n, one in enumerate(until)]
    old = {"earlier": earlier, "edited_at": until[1]}
    message = write("今", data={**old, "kind": "stays"})
    for _number in range(3):
        write("他")
    for _run in range(2):
        run("0030_move_edits")
        assert earlier_texts_of(message) == ["0", "1"]
        message.refresh_from_db()
        assert message.data == {"kind": "stays"}
    assert not edit_text(message, "1", at=AT)
    run("0030_move_edits", back=True)
    message.refresh_from_db()
    assert message.data == {**old, "kind": "stays"}
    assert not MessageEdit.objects.exists()


def test_the_detail_of_a_failure_moves_to_its_column_and_back(write, small_windows):
    message = write("一", data={"failure_detail": "理" * 301, "via": "api"})
    write("二")
    for _run in range(2):
        run("0032_move_failure_detail")
        message.refresh_from_db()
        assert (message.failure_detail, message.data) == ("理" * 300, {"via": "api"})
    run("0032_move_failure_detail", back=True)
    message.refresh_from_db()
    assert (message.failure_detail, message.data["failure_detail"]) == ("", "理" * 300)
