"""What customers do on Telegram, and what the thread says of it."""

import json
from pathlib import Path

import pytest
from django.test import Client

from conversations.choices import ClosedReason, EventState, FileState, MessageContent
from conversations.models import (
    Attachment,
    Conversation,
    Message,
    ProviderEvent,
    Reach,
)
from tests.conversations.providers.telegram import CUSTOMER, PROVIDER, message, update

pytestmark = pytest.mark.django_db(transaction=True)
PAYLOADS = Path(__file__).parents[3] / "payloads" / "telegram"


@pytest.fixture
def inbox(account, queue):
    return PROVIDER.connected(account, queue)


def received(inbox, name) -> Message:
    body = (PAYLOADS / f"{name}.json").read_bytes()
    assert PROVIDER.post(inbox, body).status_code == 200
    return Message.objects.filter(kind="text").latest("pk")


def system_lines() -> list[str]:
    """What the thread tells, but for the inquiries that begin by it."""
    lines = Message.objects.filter(kind="system").exclude(event="opened")
    return list(lines.order_by("pk").values_list("event", flat=True))


def test_who_writes_is_known_by_their_own_number_and_name(inbox):
    found = received(inbox, "text")
    assert found.body == "注文した傘はいつ届きますか。"
    assert (found.identity.kind, found.identity.value) == ("telegram", CUSTOMER)
    assert found.conversation.customer.display_name == "花子 山田"


def test_the_same_number_in_two_chats_is_two_messages(inbox):
    for sender in (CUSTOMER, "5200000042"):
        PROVIDER.post(inbox, update(message=message(7, sender=sender, text="はい")))
    assert Message.objects.filter(kind="text").count() == 2
    assert Conversation.objects.count() == 2


def test_an_update_that_comes_again_adds_nothing(telegram):
    telegram.write()
    telegram.simulator.write(telegram.connection, "1", "again", "")
    assert [status for status, _body in telegram.simulator.posted] == [200, 200]
    assert Message.objects.filter(kind="text").count() == 1


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("photo", MessageContent.IMAGE, "image/jpeg"),
        ("document", MessageContent.FILE, "application/pdf"),
        ("voice", MessageContent.AUDIO, "audio/ogg"),
        ("animation", MessageContent.VIDEO, "video/mp4"),
        ("sticker", MessageContent.STICKER, "image/webp"),
        ("sticker-animated", MessageContent.STICKER, "image/webp"),
    ],
)
def test_a_file_is_what_it_says(inbox, name, content, kind):
    found = received(inbox, name)
    (file,) = found.attachments.all()
    assert (found.content, file.content_type) == (content, kind)


def test_of_a_photo_the_largest_is_fetched_and_its_words_are_kept(inbox):
    found = received(inbox, "photo")
    (file,) = found.attachments.all()
    assert file.source["file_id"] == "AgACAgUAAxkBAAM3"
    assert found.body == "届いた箱です"


def test_of_a_sticker_that_moves_its_picture_is_fetched(inbox):
    (file,) = received(inbox, "sticker-animated").attachments.all()
    assert file.source["file_id"] == "AgACAgUAAxkBAAM9"


def test_a_file_is_fetched_by_the_path_that_telegram_tells(telegram):
    telegram.write("", kind="file")
    file = Attachment.objects.get()
    assert (file.state, file.name) == (FileState.READY, "receipt.pdf")
    with file.file.open("rb") as content:
        assert content.read(5) == b"%PDF-"


def test_a_file_above_twenty_megabytes_is_given_up_at_once(telegram):
    simulator = telegram.simulator
    video = {**simulator._file(b"x", "video/mp4")}
    name = video["file_id"]
    simulator.files[name] = ("video/mp4", b"x", 21 * 1024 * 1024)
    body = update(message=message(9, video={**video, "file_size": 21 * 1024 * 1024}))
    simulator.post_event(telegram.connection, body)
    file = Attachment.objects.get()
    assert (file.state, file.attempts) == (FileState.FAILED, 1)


@pytest.mark.parametrize(("name", "title"), [("location", ""), ("venue", "銀座本店")])
def test_a_place_is_shown_on_the_map(inbox, name, title):
    place = received(inbox, name).data["location"]
    assert place["title"] == title
    assert 35 < place["latitude"] < 36


def test_a_contact_card_is_read(inbox):
    (card,) = received(inbox, "contact").data["contacts"]
    assert (card["name"], card["phones"]) == ("太郎 山田", ["+819012345678"])


def test_what_cannot_be_shown_is_said_to_be_there(inbox):
    assert received(inbox, "poll").content == MessageContent.UNSUPPORTED


def test_a_forwarded_message_says_so(inbox):
    assert received(inbox, "forwarded").data["forwarded"] is True


def test_an_edit_shows_both_texts(inbox):
    received(inbox, "text")
    edited = received(inbox, "edits/edited")
    assert edited.body == "注文した傘と鞄はいつ届きますか。"
    assert [one["body"] for one in edited.data["earlier"]] == [
        "注文した傘はいつ届きますか。"
    ]


def test_an_answer_to_a_message_of_ours_quotes_it(telegram, reply):
    conversation = telegram.write().conversation
    ours = reply(conversation, "ご注文番号をお願いします。")
    answer = telegram.write("KG-1024です", kind="reply")
    assert answer.data["quoted"] == ours.provider_message_id


def test_start_opens_the_way_and_tells_by_which_link(inbox):
    PROVIDER.post(inbox, (PAYLOADS / "start-by-link.json").read_bytes())
    assert system_lines() == ["referred"]
    line = Message.objects.filter(kind="system").latest("pk")
    assert "flyer-2026" in json.dumps(line.data)
    assert Reach.objects.get().closed_reason == ""


def test_who_blocks_the_bot_cannot_be_written_to_until_they_start_it_again(telegram):
    telegram.write()
    telegram.simulator.write(telegram.connection, "1", "unfollow", "")
    assert Reach.objects.get().closed_reason == ClosedReason.UNFOLLOWED
    assert system_lines() == ["unfollowed"]
    telegram.simulator.write(telegram.connection, "1", "follow", "")
    assert Reach.objects.get().closed_reason == ""


def test_groups_are_left_alone(telegram):
    telegram.simulator.write(telegram.connection, "1", "group", "教えてください")
    event = ProviderEvent.objects.get()
    assert event.state == EventState.IGNORED
    assert "only private chats" in event.reason
    assert not Conversation.objects.exists()


def test_another_inboxs_secret_opens_no_door(inbox, other_account):
    other = PROVIDER.connected(other_account)
    headers = PROVIDER.sign(b"", f"/hooks/{other.key}/", PROVIDER.secrets)
    answer = Client().post(
        f"/hooks/{inbox.key}/",
        PROVIDER.write("にせもの"),
        content_type="application/json",
        headers=headers,
    )
    assert answer.status_code == 403
