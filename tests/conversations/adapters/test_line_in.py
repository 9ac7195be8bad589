"""What customers do on LINE, as the desk sees it."""

import json
from datetime import UTC, datetime, timedelta

import pytest
import yaml
from django.utils import timezone

from agentdesk.jobs.registry import sweep_of
from conversations.adapters.line.simulator.people import SPECS, webhook_spec
from conversations.choices import EventState, FileState, ThreadEvent
from conversations.connections.tasks import refresh_quota
from conversations.inbound.tasks import fetch_file, process_inbox
from conversations.models import (
    Attachment,
    Conversation,
    InboxConnection,
    Inquiry,
    Message,
    ProviderEvent,
    Reach,
)
from conversations.outbound.reply_options import reply_options
from customers.models import Identity
from tests.conversations.providers import line as provider
from tests.conversations.providers.line import PROVIDER
from tests.factories.changes import earlier_texts_of
from tests.payloads import recorded

database = pytest.mark.django_db(transaction=True)


def recorded_events():
    paths = [*recorded("line"), *recorded("line", "unknown")]
    payloads = [json.loads(path.read_text()) for path in paths]
    return [event for one in payloads for event in one["events"]]


def test_every_kind_of_event_and_message_that_line_knows_is_recorded():
    schemas = yaml.safe_load((SPECS / "webhook.yml").read_text())["components"]
    kinds = schemas["schemas"]["Event"]["discriminator"]["mapping"]
    contents = schemas["schemas"]["MessageContent"]["discriminator"]["mapping"]
    events = recorded_events()
    assert {*kinds, "messageEdited"} <= {event["type"] for event in events}
    assert set(contents) <= {
        one["message"]["type"] for one in events if "message" in one
    }


def test_what_is_recorded_holds_to_lines_own_schema():
    beyond = {"somethingNew", "coupon"}  # what LINE may yet invent
    events = [
        event
        for event in recorded_events()
        if not {event["type"], event.get("message", {}).get("type")} & beyond
    ]
    payload = {"destination": "U" + "f" * 32, "events": events}
    assert webhook_spec().faults("CallbackRequest", payload) == []


@database
def test_a_customer_is_shown_by_the_name_and_picture_they_have_on_line(line):
    message = line.write("はじめまして")
    customer = message.conversation.customer
    assert customer.display_name == "ゲスト1"
    reach = Reach.objects.get()
    assert reach.picture.read().startswith(b"\x89PNG")
    line.write("もう一度")
    assert line.calls(f"/v2/bot/profile/{message.identity.value}") == 1


@database
def test_a_name_not_told_to_strangers_is_asked_for_again_once_they_follow(line):
    line.simulator.person("1").is_friend = False
    message = line.write("友だちではありません")
    assert message.conversation.customer.display_name == ""
    line.write("", kind="follow")
    message.conversation.customer.refresh_from_db()
    assert message.conversation.customer.display_name == "ゲスト1"


@database
def test_a_sticker_is_shown_with_its_words_and_its_picture_is_kept_here(line):
    message = line.write("よろしくね", kind="sticker")
    assert message.content == "sticker"
    assert message.data["sticker"]["text"] == "よろしくね"
    assert "よろしく" in message.data["sticker"]["keywords"]
    picture = Attachment.objects.get(message=message)
    assert (picture.state, picture.content_type) == (FileState.READY, "image/png")


@database
@pytest.mark.parametrize(
    ("kind", "name", "content_type"),
    [("image", "image.png", "image/png"), ("file", "領収書.pdf", "application/pdf")],
)
def test_files_are_fetched_at_once(line, kind, name, content_type):
    message = line.write("", kind=kind)
    attachment = Attachment.objects.get(message=message)
    assert (attachment.state, attachment.name) == (FileState.READY, name)
    assert attachment.content_type == content_type
    line.simulator.contents.clear()  # as LINE does after a while
    with attachment.file.open() as file:
        assert file.read()


@database
def test_a_video_is_fetched_when_line_has_prepared_it(line, time_machine):
    message = line.write("", kind="video")
    assert Attachment.objects.get(message=message).state == FileState.WAITING
    time_machine.move_to(timezone.now() + timedelta(seconds=10))
    sweep_of(fetch_file)()
    attachment = Attachment.objects.get(message=message)
    assert (attachment.state, attachment.content_type) == ("ready", "video/mp4")


@database
def test_a_file_that_line_has_deleted_is_shown_as_missing(line):
    event = line.simulator.message("1", "image", contentProvider={"type": "line"})
    line.simulator.post(line.connection, event)
    assert Attachment.objects.get().state == FileState.FAILED


@database
def test_a_picture_elsewhere_is_not_fetched_from_our_own_network(account, queue):
    inbox = PROVIDER.connected(account, queue)
    where = {"type": "external", "originalContentUrl": "http://127.0.0.1:1/a.jpg"}
    message = {"type": "image", "id": "1", "quoteToken": "q", "contentProvider": where}
    PROVIDER.post(inbox, provider.body_of(provider.event(message=message)))
    assert Attachment.objects.get().state == FileState.FAILED


@database
def test_a_place_is_kept_with_its_address(line):
    message = line.write("倉庫", kind="location")
    assert message.data["location"] == {
        "title": "倉庫",
        "address": "東京都千代田区丸の内1-1",
        "latitude": 35.681236,
        "longitude": 139.767125,
    }
    assert message.conversation.preview


@database
def test_a_message_taken_back_leaves_a_tombstone_without_its_words(line):
    message = line.write("パスワードは1234です")
    line.write("", kind="unsend")
    message.refresh_from_db()
    assert message.removed_at is not None
    assert message.body == ""


@database
def test_taking_back_may_arrive_before_the_message(line, time_machine):
    event = line.simulator.message("1", "text", text="やっぱりやめます")
    number = event["message"]["id"]
    taken_back = line.simulator.event(
        "1", "unsend", can_reply=False, unsend={"messageId": number}
    )
    line.simulator.post(line.connection, taken_back)
    assert ProviderEvent.objects.get().state == EventState.PENDING
    line.simulator.post(line.connection, event)
    time_machine.move_to(timezone.now() + timedelta(seconds=60))
    sweep_of(process_inbox)()
    message = Message.objects.get(kind="text")
    assert (message.body, bool(message.removed_at)) == ("", True)


@database
def test_an_edited_message_shows_both_texts_and_the_latest_edit_wins(line):
    message = line.write("Lサイズ", person="g1:1")
    content = line.simulator.events[-1]["message"]
    first, second = (
        line.simulator.event("g1:1", "messageEdited", message={**content, "text": text})
        for text in ("Mサイズ", "Sサイズ")
    )
    second["timestamp"] = first["timestamp"] + 5000
    line.simulator.post(line.connection, second)
    line.simulator.post(line.connection, first)
    message.refresh_from_db()
    assert message.body == "Sサイズ"
    assert earlier_texts_of(message) == ["Mサイズ", "Lサイズ"]


@database
def test_a_group_is_kept_apart_from_its_members_who_are_named(line):
    alone = line.write("一人です", person="1")
    together = line.write("みんなです", person="g1:1")
    again = line.write("もう一度", person="g1:1")
    assert alone.conversation != together.conversation
    together.refresh_from_db()
    again.refresh_from_db()
    assert together.data["speaker"]["name"] == "ゲスト1"
    assert again.data["speaker"]["name"] == "ゲスト1"
    assert "speaker" not in alone.data
    assert together.conversation.customer.display_name.startswith("グループ")
    place, user = together.identity.value, alone.identity.value
    assert line.calls(f"/v2/bot/group/{place}/member/{user}") == 1


@database
def test_a_room_without_a_name_names_its_speakers(line):
    message = line.write("部屋です", person="r1:2")
    message.refresh_from_db()
    assert message.data["speaker"]["name"] == "ゲスト2"


@database
def test_whoever_blocks_us_cannot_be_written_to_until_they_unblock(line):
    conversation = line.write("ブロックします").conversation
    line.write("", kind="unfollow")
    assert reply_options(conversation).options[0].closed == "unfollowed"
    line.write("", kind="follow")
    assert reply_options(conversation).options[0].is_open
    events = conversation.messages.filter(kind="system").values_list("event", flat=True)
    assert {ThreadEvent.UNFOLLOWED, ThreadEvent.FOLLOWED} <= set(events)


@database
def test_a_block_that_arrives_late_does_not_undo_the_follow_after_it(line):
    conversation = line.write("ブロックします").conversation
    blocked = line.simulator.event("1", "unfollow", can_reply=False)
    followed = line.simulator.event("1", "follow", follow={"isUnblocked": True})
    blocked["timestamp"] += 1000
    followed["timestamp"] += 2000
    line.simulator.post(line.connection, followed)
    line.simulator.post(line.connection, blocked)
    assert reply_options(conversation).options[0].is_open


@database
def test_following_opens_no_inquiry_and_pressing_a_button_does_once(line):
    line.write("", kind="follow")
    assert Conversation.objects.count() == 1
    assert not Inquiry.objects.exists()
    line.write("action=return", kind="postback")
    line.write("", kind="again")
    assert Inquiry.objects.count() == 1
    line_shown = Message.objects.get(event=ThreadEvent.POSTBACK)
    assert line_shown.data["after"]["data"] == "action=return"


@database
def test_a_kind_of_message_that_is_new_to_us_is_still_shown(line):
    unknown = {"type": "coupon", "id": "5", "couponId": "x"}
    PROVIDER.post(line.inbox, provider.body_of(provider.event(message=unknown)))
    message = Message.objects.get(kind="text")
    assert (message.content, message.data["kind"]) == ("unsupported", "coupon")
    assert Inquiry.objects.count() == 1


@database
def test_lines_own_try_of_our_address_turns_the_step_green(line):
    found_us = InboxConnection.objects.exclude(tested_at=None)
    assert not found_us.exists()
    assert line.simulator.post(line.connection) == 200
    assert found_us.exists()
    assert not ProviderEvent.objects.exists()


@database
def test_the_free_reply_runs_from_the_event_not_from_when_it_came(line):
    message = line.write("すぐに")
    reach = Reach.objects.get(identity=message.identity)
    at = line.simulator.events[-1]["timestamp"] / 1000
    assert reach.reply_until == datetime.fromtimestamp(at, UTC) + timedelta(seconds=50)


@database
def test_a_suspended_account_is_named_at_the_inbox_until_it_is_back(line):
    body = provider.body_of(provider.event("botSuspended"))
    PROVIDER.post(line.inbox, body)
    sweep_of(refresh_quota)()  # that LINE still answers us says nothing of it
    line.inbox.connection.refresh_from_db()
    assert line.inbox.connection.trouble == "permission"
    PROVIDER.post(line.inbox, provider.body_of(provider.event("botResumed")))
    line.inbox.connection.refresh_from_db()
    assert line.inbox.connection.trouble == ""


@database
def test_who_writes_in_two_inboxes_is_one_customer(line, account, queue):
    """User ids are the provider company's: two accounts of it share them."""
    message = line.write("一つ目の窓口")
    other = PROVIDER.connected(account, queue, name="もう一つ")
    PROVIDER.post(other, provider.write("二つ目", sender=message.identity.value))
    assert Identity.objects.filter(kind="line").count() == 1
    assert Conversation.objects.count() == 1
