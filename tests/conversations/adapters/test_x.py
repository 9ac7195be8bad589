"""Direct messages of X: its checks, what it tells, and what cannot be read."""

import json
from uuid import uuid4

import pytest
from django.core.files.base import ContentFile
from django.test import Client

from agentdesk.jobs.registry import sweep_of
from conversations.adapters.failures import SendError
from conversations.adapters.simulation.base import Fault
from conversations.choices import DeliveryState, FileState
from conversations.connections.renew_secrets import connected
from conversations.inbound.tasks import poll_inbox
from conversations.models import Attachment, InboxConnection, Message, Reach
from conversations.outbound.reply_options import reply_options
from tests.conversations.providers.x import (
    CUSTOMER,
    PROVIDER,
    SHOP,
    body_of,
    chat,
    code,
    message,
    write,
)
from tests.conversations.x import fresh, received, reply, sent, set_secrets, stored

pytestmark = pytest.mark.django_db(transaction=True)


# --- the door ---
def test_x_finds_our_address_by_its_check(x_inbox, x):
    assert x.check_address(fresh(x_inbox))
    answer = Client().get(f"/hooks/{x_inbox.key}/?crc_token=abc")
    expected = code(PROVIDER.secrets["consumer_secret"], b"abc")
    assert answer.json() == {"response_token": expected}
    assert Client().get(f"/hooks/{x_inbox.key}/").status_code == 405


def test_nobody_is_given_a_signature_for_an_event_of_their_own(x_inbox):
    """What we answer to the challenge is what X signs its requests with."""
    for body in (write("にせもの"), write("にせもの").decode().encode("utf-16-le")):
        query = {"crc_token": body.decode(errors="replace")}
        answer = Client().get(f"/hooks/{x_inbox.key}/", query)
        assert answer.status_code == 403
        assert b"sha256" not in answer.content


def test_while_the_channel_is_off_nobody_is_there(x_inbox, settings):
    PROVIDER.post(x_inbox, write("こんにちは"))
    settings.CHANNEL_X = False
    assert PROVIDER.post(x_inbox, write("もしもし")).status_code == 404
    assert Client().get(f"/hooks/{x_inbox.key}/?crc_token=abc").status_code == 404
    options = reply_options(received().conversation).options
    assert [one.closed for one in options] == ["stopped"]


# --- in ---
def test_a_message_is_shown_as_it_was_written(x_inbox):
    links = [{"url": "https://t.co/abc", "expanded_url": "https://kogane.example/12"}]
    text = "交換 &amp; 返品 &lt;至急&gt; https://t.co/abc"
    PROVIDER.post(x_inbox, body_of(message(text, urls=links)))
    assert received().body == "交換 & 返品 <至急> https://kogane.example/12"
    assert received().conversation.customer.display_name == "みどり"
    assert received().data["screen_name"] == "user_9357"


def test_a_picture_is_fetched_and_its_link_taken_out_of_the_text(x_inbox, x):
    x.write(fresh(x_inbox), CUSTOMER, "image", "ここが破れています")
    attachment = Attachment.objects.get()
    assert (attachment.state, attachment.content_type) == (FileState.READY, "image/png")
    assert received().body == "ここが破れています"


def test_an_encrypted_message_is_shown_as_one_that_cannot_be_read_here(
    x_inbox, agent, client_of
):
    PROVIDER.post(x_inbox, chat())
    assert (received().content, received().body) == ("encrypted", "")
    assert received().inquiry.waiting_since is not None
    rows = client_of(agent).get("/desk/").content.decode()
    assert "[ここでは読めません]" in rows


def test_an_encrypted_answer_of_the_company_ends_the_waiting(x_inbox):
    PROVIDER.post(x_inbox, chat())
    PROVIDER.post(x_inbox, chat("chat.sent", sender=SHOP))
    assert received().inquiry.waiting_since is None
    assert sent().conversation_id == received().conversation_id


def test_what_the_company_answers_on_x_stands_in_the_thread_once(x_inbox, x, agent):
    x.write(fresh(x_inbox), CUSTOMER, "text", "在庫は？")
    x.write(fresh(x_inbox), CUSTOMER, "elsewhere", "ございます")
    assert (sent().body, sent().author) == ("ございます", None)
    ours = reply(agent)
    echo = message(
        "確認いたします。",
        id=ours.provider_message_id,
        sender=x.account(fresh(x_inbox)),
        recipient=CUSTOMER,
    )
    payload = json.loads(body_of(echo)) | {"for_user_id": x.account(fresh(x_inbox))}
    PROVIDER.post(x_inbox, json.dumps(payload).encode())
    assert Message.objects.filter(kind="text", direction="outbound").count() == 2


def test_the_customer_has_read_it(x_inbox, x, agent):
    x.write(fresh(x_inbox), CUSTOMER, "text", "在庫は？")
    reply(agent)
    x.write(fresh(x_inbox), CUSTOMER, "read", "")
    assert sent().state == DeliveryState.READ


def test_an_app_that_was_shut_out_is_told_to_the_admin(x_inbox):
    payload = {"user_event": {"revoke": {"date_time": "2018-05-24T09:48:12+00:00"}}}
    PROVIDER.post(x_inbox, json.dumps(payload).encode())
    assert InboxConnection.objects.get().trouble == "credentials"


# --- out ---
def test_a_reply_with_a_file_goes_as_one_message(x_inbox, x, agent):
    x.write(fresh(x_inbox), CUSTOMER, "text", "写真はありますか")
    conversation = received().conversation
    picture = Attachment(
        account=x_inbox.account,
        conversation=conversation,
        uploaded_by=agent,
        name="棚.png",
        content_type="image/png",
        size=9,
    )
    picture.file.save("x", ContentFile(b"\x89PNG-file"), save=False)
    picture.save()
    http = Client()
    http.force_login(agent.user)
    form = {"kind": "reply", "body": "こちらです", "client_id": str(uuid4())}
    path = f"/conversations/{conversation.pk}/compose/"
    assert http.post(path, {**form, "file": [picture.key]}).status_code == 201
    assert sent().state == DeliveryState.SENT, sent().failure
    assert x.lines_of(CUSTOMER)[-1].text == "こちらです [9 bytes]"


def test_who_has_blocked_us_is_not_written_to_again(x_inbox, x, agent):
    x.write(fresh(x_inbox), CUSTOMER, "text", "もう結構です")
    x.blocked.add(CUSTOMER)
    assert reply(agent).failure == "blocked"
    assert Reach.objects.get().closed_reason == "unfollowed"
    x.write(fresh(x_inbox), CUSTOMER, "text", "やはりお願いします")
    assert Reach.objects.get().closed_reason == ""


def test_x_says_when_its_window_begins_anew(x_inbox, x, agent):
    x.write(fresh(x_inbox), CUSTOMER, "text", "在庫は？")
    x.faults.append(Fault(status=429, retry_after=300))
    waiting = reply(agent)
    assert waiting.state == DeliveryState.QUEUED
    delivery = waiting.deliveries.get()
    pause = delivery.next_attempt_at - delivery.claimed_at
    assert 299 <= pause.total_seconds() <= 303


def test_a_reply_whose_answer_was_cut_off_is_found_at_x(x_inbox, x, agent):
    x.write(fresh(x_inbox), CUSTOMER, "text", "在庫は？")
    x.faults.append(Fault(is_cut=True))
    assert reply(agent).state == DeliveryState.UNKNOWN
    sweep_of(poll_inbox)()
    assert sent().state == DeliveryState.SENT
    assert sent().provider_message_id == x.messages[-1]["id"]


# --- set-up ---
def test_the_check_says_what_is_still_to_be_done_at_x(x_inbox, x, settings):
    set_secrets(x_inbox, bearer_token="app-token")
    settings.PUBLIC_URL = "https://desk.example.jp"
    row = stored(x_inbox)
    report = connected(row).check()
    assert (report.address, report.findings) == ("@simulated", [])
    assert report.name == row.name
    x.is_valid = False
    assert "not to answer" in connected(row).check().findings[0]
    x.is_registered = x.takes_webhooks = False
    assert "not registered" in connected(row).check().findings[0]
    settings.PUBLIC_URL = "https://desk.example.jp:8443"
    assert "without a port" in connected(row).check().findings[0]


def test_the_check_registers_our_address_and_subscribes_the_account(
    x_inbox, x, settings
):
    """X has no form for either."""
    set_secrets(x_inbox, bearer_token="app-token")
    settings.PUBLIC_URL = "https://desk.example.jp"
    x.is_registered = x.is_subscribed = False
    assert connected(stored(x_inbox)).check().findings == []
    assert (x.is_registered, x.is_subscribed) == (True, True)


def test_a_file_elsewhere_is_never_asked_for_with_our_token(x_inbox, x):
    row = stored(x_inbox)
    adapter = connected(row)
    for url in ("https://evil.example/a", "http://169.254.169.254/"):
        with pytest.raises(SendError), adapter.media({"url": url}):
            pytest.fail("it was fetched")
