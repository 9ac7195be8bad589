"""Messenger and Instagram: windows, echoes, stories, and what customers take back."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from conversations.adapters.simulation.base import Fault
from conversations.adapters.simulation.samples import PICTURE
from conversations.adapters.splitting import pieces, utf8_length
from conversations.choices import DeliveryState
from conversations.inbound.tasks import process_inbox
from conversations.models import (
    Attachment,
    Conversation,
    Delivery,
    Message,
    ProviderEvent,
    Reach,
)
from customers.models import Identity
from tests.conversations.meta import replies, simulated
from tests.conversations.providers import PROVIDERS, instagram, messenger
from tests.conversations.simulated import reply
from tests.factories.changes import earlier_texts_of, reactions_of

pytestmark = pytest.mark.django_db(transaction=True)
BOTH = ["instagram", "messenger"]


@pytest.fixture
def meta(channel, account, queue, settings):
    with simulated(channel, account, queue, settings) as played:
        yield played


@pytest.fixture
def page(account, queue):
    return PROVIDERS["messenger"].connected(account, queue)


def post(inbox, body):
    provider = PROVIDERS[inbox.channel]
    assert provider.post(inbox, body).status_code == 200


def run_again():
    """What waits for the answer to our request is looked at again by the sweep."""
    waiting = ProviderEvent.objects.filter(state="pending")
    waiting.update(retry_at=timezone.now())
    for event in waiting:
        process_inbox(event.inbox_id)


@pytest.mark.parametrize("channel", BOTH)
def test_an_answer_goes_out_once_and_its_echo_adds_nothing(meta, agent):
    question = meta.write("在庫はありますか")
    assert reply(agent, question.conversation, "ございます。").status_code == 201
    assert replies().get().state == DeliveryState.SENT
    meta.catch_up()
    run_again()
    assert [one.body for one in replies()] == ["ございます。"]
    (sent,) = meta.sent()
    assert sent["text"] == "ございます。"
    assert not ProviderEvent.objects.exclude(state="processed").exists()


@pytest.mark.parametrize("channel", BOTH)
def test_what_the_shop_writes_in_metas_own_inbox_is_shown_and_ends_the_waiting(meta):
    question = meta.write("在庫はありますか")
    assert question.inquiry.waiting_since is not None
    meta.write("店頭にございます。", kind="elsewhere")
    shown = replies().get()
    assert (shown.body, shown.data["elsewhere"]) == ("店頭にございます。", True)
    assert shown.conversation == question.conversation
    assert shown.conversation.preview == "店頭にございます。"  # as the list names it
    question.inquiry.refresh_from_db()
    assert question.inquiry.waiting_since is None
    assert not meta.simulator.following  # nothing was sent on


@pytest.mark.parametrize("channel", ["messenger"])
def test_an_echo_settles_a_reply_whose_answer_was_lost(meta, agent):
    question = meta.write("在庫はありますか")
    meta.simulator.faults.append(Fault(is_cut=True))
    reply(agent, question.conversation, "ございます。")
    assert replies().get().state == DeliveryState.UNKNOWN
    meta.catch_up()
    message = replies().get()
    assert (message.state, message.failure) == (DeliveryState.SENT, "")
    assert message.provider_message_id
    assert len(meta.sent()) == 1


@pytest.mark.parametrize("channel", BOTH)
def test_after_a_day_only_a_person_may_answer_and_only_where_meta_has_granted_it(
    meta, agent, channel
):
    question = meta.write("在庫はありますか")
    long_ago = timezone.now() - timedelta(hours=30)
    Reach.objects.update(last_heard_at=long_ago)
    meta.simulator.last_contact["1001"] = long_ago
    refused = reply(agent, question.conversation)
    assert refused.status_code == 422
    assert not replies().exists()
    meta.inbox.connection.settings["human_agent"] = "yes"
    meta.inbox.connection.save()
    assert reply(agent, question.conversation).status_code == 201
    assert replies().get().state == DeliveryState.SENT
    week = timezone.now() - timedelta(days=7, minutes=1)
    Reach.objects.update(last_heard_at=week)
    assert reply(agent, question.conversation).status_code == 422


@pytest.mark.parametrize("channel", BOTH)
def test_a_window_that_meta_finds_closed_fails_with_that_reason(meta, agent):
    question = meta.write("在庫はありますか")
    meta.simulator.last_contact["1001"] = timezone.now() - timedelta(hours=30)
    reply(agent, question.conversation)
    message = replies().get()
    assert (message.state, message.failure) == (DeliveryState.FAILED, "window")
    assert "outside of allowed window" in Delivery.objects.get().failure_detail


@pytest.mark.parametrize("channel", BOTH)
def test_a_picture_of_a_customer_is_fetched_and_one_of_ours_is_sent_as_bytes(
    meta, agent, client_of
):
    question = meta.write(kind="image")
    attachment = Attachment.objects.get(message=question)
    assert (attachment.state, attachment.content_type) == ("ready", "image/png")
    assert attachment.file.read() == PICTURE
    file = SimpleUploadedFile("写真.png", PICTURE, content_type="image/png")
    address = f"/conversations/{question.conversation_id}/files/"
    key = client_of(agent).post(address, {"file": file, "kind": "reply"}).json()["key"]
    assert reply(agent, question.conversation, "", file=key).status_code == 201
    assert replies().get().state == DeliveryState.SENT
    (sent,) = meta.sent()
    stored = meta.simulator.files[sent["attachment"]["payload"]["attachment_id"]]
    assert stored == ("image/png", PICTURE)


@pytest.mark.parametrize("channel", BOTH)
def test_a_message_that_is_taken_back_leaves_a_tombstone(meta):
    message = meta.write("間違えました")
    meta.write(kind="unsend")
    message.refresh_from_db()
    assert (message.body, bool(message.removed_at)) == ("", True)


@pytest.mark.parametrize("channel", BOTH)
def test_a_button_opens_the_window_and_a_reaction_stands_on_our_answer(meta, agent):
    meta.write("配送状況", kind="postback")
    line = Message.objects.get(event="postback")
    assert line.data["after"]["label"] == "配送状況"
    assert Reach.objects.get().last_heard_at is not None
    assert reply(agent, line.conversation, "本日着です。").status_code == 201
    meta.write("👍", kind="reaction")
    assert reactions_of(replies().last()) == {"customer": "👍"}


@pytest.mark.parametrize("channel", BOTH)
def test_the_customer_is_called_as_they_call_themselves(meta):
    customer = meta.write("こんにちは").conversation.customer
    assert customer.display_name == "ゲスト1001"
    assert Reach.objects.get().picture


@pytest.mark.parametrize("channel", BOTH)
def test_reading_is_shown_on_the_answer(meta, agent):
    question = meta.write("在庫はありますか")
    reply(agent, question.conversation)
    meta.write(kind="read")
    message = replies().get()
    assert (message.state, bool(message.read_at)) == (DeliveryState.READ, True)


@pytest.mark.parametrize("channel", ["instagram"])
def test_a_story_is_shown_from_metas_address_and_never_stored(meta, agent, client_of):
    message = meta.write(kind="story")
    assert message.content == "story"
    assert message.data["story"]["url"].startswith(meta.connection.api)
    assert not Attachment.objects.exists()
    address = f"/conversations/{message.conversation_id}/messages/{message.pk}/story/"
    shown = client_of(agent).get(address)
    assert (shown.status_code, shown.content) == (200, PICTURE)
    assert shown.headers["Cache-Control"] == "no-store"
    fragment = f"/conversations/{message.conversation_id}/messages/{message.pk}/"
    assert address in client_of(agent).get(fragment).content.decode()
    meta.simulator.files.clear()
    assert client_of(agent).get(address).status_code == 404
    assert not Attachment.objects.exists()


@pytest.mark.parametrize("channel", ["instagram"])
def test_a_story_is_not_asked_for_once_its_day_is_over(
    meta, agent, client_of, time_machine, stranger
):
    message = meta.write(kind="story")
    address = f"/conversations/{message.conversation_id}/messages/{message.pk}/story/"
    assert client_of(stranger).get(address).status_code == 404
    time_machine.move_to(timezone.now() + timedelta(hours=25))
    assert client_of(agent).get(address).status_code == 404


@pytest.mark.parametrize("channel", ["instagram", "messenger", "whatsapp"])
def test_the_customer_is_told_that_their_message_was_read(
    meta, agent, client_of, channel
):
    message = meta.write("読みましたか")
    address = f"/conversations/{message.conversation_id}/read/"
    client_of(agent).post(address, {"up_to": message.pk, "seen": message.pk})
    expected = message.provider_message_id if channel == "whatsapp" else "1001"
    assert meta.simulator.seen == [expected]


def test_an_answer_to_a_story_is_a_message_with_its_text(account, queue):
    inbox = PROVIDERS["instagram"].connected(account, queue)
    story = {"url": "https://lookaside.fbsbx.com/s/1", "id": "17890000000000000"}
    post(inbox, instagram.write("いくらですか", reply_to={"story": story}))
    message = Message.objects.get(kind="text")
    assert (message.body, message.content) == ("いくらですか", "story")
    assert message.data["story"]["is_reply"]
    assert not Attachment.objects.exists()


def test_an_edited_message_shows_both_texts(page):
    post(page, messenger.write("3つください", id="m_1"))
    edit = {"mid": "m_1", "text": "4つください", "num_edit": 1}
    post(page, messenger.body_of(messenger.event(message_edit=edit)))
    message = Message.objects.get(kind="text")
    assert message.body == "4つください"
    assert earlier_texts_of(message) == ["3つください"]


def test_a_delete_that_overtakes_its_message_waits_for_it(page):
    gone = messenger.event(message={"mid": "m_9", "is_deleted": True})
    post(page, messenger.body_of(gone))
    post(page, messenger.write("消すつもりの文", id="m_9"))
    run_again()
    assert Message.objects.get(kind="text").body == ""


def test_what_another_app_holds_is_shown_and_marked(page):
    message = {"mid": "m_5", "text": "人と話したい"}
    post(page, messenger.body_of(messenger.event(message=message), key="standby"))
    assert Message.objects.get(kind="text").data["standby"] is True


def test_the_same_id_on_two_pages_is_two_people(account, queue, page):
    other = PROVIDERS["messenger"].connected(account, queue)
    other.connection.settings["page_id"] = "111222333444"
    other.connection.save()
    post(page, messenger.write("一"))
    body = messenger.write("二").replace(messenger.PAGE.encode(), b"111222333444")
    post(other, body)
    assert Conversation.objects.count() == 2
    scopes = set(Identity.objects.values_list("scope", flat=True))
    assert scopes == {messenger.PAGE, "111222333444"}


def test_a_long_text_leaves_in_pieces_that_instagram_counts_in_bytes():
    text = "。".join(f"{number}番目の文はこのくらいの長さです" for number in range(60))
    found = pieces(text, 1000, utf8_length)
    assert max(utf8_length(one) for one in found) <= 1000
    assert "".join(found) == text
    assert all(one.endswith("。") for one in found[:-1])
    assert pieces("あ" * 700, 1000, utf8_length) == ["あ" * 333, "あ" * 333, "あ" * 34]
    family = "👨\u200d👩\u200d👧"
    assert set(pieces(family * 9, 40, utf8_length)) == {family * 2, family}
    assert pieces("", 10) == []


@pytest.mark.parametrize("channel", BOTH)
def test_a_long_answer_is_several_messages_in_order(meta, agent):
    question = meta.write("詳しく教えてください")
    text = "長い説明です。" * 300
    assert reply(agent, question.conversation, text).status_code == 201
    assert "".join(one["text"] for one in meta.sent()) == text
    assert len(meta.sent()) > 1
    assert replies().get().state == DeliveryState.SENT


def test_a_stranger_reads_no_template_of_another_account(page, stranger, client_of):
    post(page, messenger.write("こんにちは"))
    conversation = Conversation.objects.get()
    address = f"/conversations/{conversation.pk}/provider-template/?template=a|ja"
    assert client_of(stranger).get(address).status_code == 404
    assert Client().get(address).status_code in {302, 401}
