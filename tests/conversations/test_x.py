"""Direct messages of X: its checks, its tokens that work once, and what cannot be read."""

import json
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest
from django.core.files.base import ContentFile
from django.db import connection as database
from django.test import Client

from agentdesk import credentials
from conversations.actions.renew_secrets import connected, renew_secrets
from conversations.adapters.base import Renewed
from conversations.adapters.failures import SendError
from conversations.choices import DeliveryState, FileState
from conversations.models import Attachment, InboxConnection, Message, Reach
from conversations.selectors.connection import connection_of, unsealed
from conversations.selectors.reply_option import reply_options
from conversations.simulators.base import Fault
from conversations.simulators.server import served
from conversations.simulators.x import XSimulator
from conversations.tasks import sweep_deliveries, sweep_polls
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

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def inbox(account, queue, settings, live_server):
    settings.PUBLIC_URL, settings.LOCAL_URL = "", live_server.url
    return PROVIDER.connected(account, queue, api=True)


@pytest.fixture
def provider(inbox, settings):
    """X itself, as it is simulated."""
    simulator = XSimulator(lambda: [fresh(inbox)])
    with served({"x": simulator}) as address:
        settings.SIMULATOR_URL = address
        yield simulator


def fresh(inbox):
    return connection_of(
        type(inbox).objects.select_related("connection").get(pk=inbox.pk)
    )


def secrets_of(inbox) -> dict[str, str]:
    return unsealed(InboxConnection.objects.get(pk=inbox.pk).secrets)


def set_secrets(inbox, **values) -> None:
    sealed = credentials.seal(json.dumps({**secrets_of(inbox), **values}))
    InboxConnection.objects.filter(pk=inbox.pk).update(secrets=sealed)


def heard() -> Message:
    return Message.objects.get(kind="text", direction="inbound")


def sent() -> Message:
    return Message.objects.filter(kind="text", direction="outbound").latest("pk")


def reply(agent, body="確認いたします。", conversation=None):
    http = Client()
    http.force_login(agent.user)
    conversation = (
        conversation or Message.objects.filter(kind="text").first().conversation
    )
    form = {"kind": "reply", "body": body, "client_id": str(uuid4())}
    answer = http.post(f"/conversations/{conversation.pk}/compose/", form)
    assert answer.status_code == 201, answer.content
    return sent()


# --- the door ---
def test_x_finds_our_address_by_its_check(inbox, provider):
    assert provider.check_address(fresh(inbox))
    answer = Client().get(f"/hooks/{inbox.key}/?crc_token=abc")
    expected = code(PROVIDER.secrets["consumer_secret"], b"abc")
    assert answer.json() == {"response_token": expected}
    assert Client().get(f"/hooks/{inbox.key}/").status_code == 405


def test_while_the_channel_is_off_nobody_is_there(inbox, settings):
    PROVIDER.post(inbox, write("こんにちは"))
    settings.CHANNEL_X = False
    assert PROVIDER.post(inbox, write("もしもし")).status_code == 404
    assert Client().get(f"/hooks/{inbox.key}/?crc_token=abc").status_code == 404
    options = reply_options(heard().conversation).options
    assert [one.closed for one in options] == ["stopped"]


# --- in ---
def test_a_message_is_shown_as_it_was_written(inbox):
    links = [{"url": "https://t.co/abc", "expanded_url": "https://kogane.example/12"}]
    text = "交換 &amp; 返品 &lt;至急&gt; https://t.co/abc"
    PROVIDER.post(inbox, body_of(message(text, urls=links)))
    assert heard().body == "交換 & 返品 <至急> https://kogane.example/12"
    assert heard().conversation.customer.display_name == "みどり"
    assert heard().data["screen_name"] == "user_9357"


def test_a_picture_is_fetched_and_its_link_taken_out_of_the_text(inbox, provider):
    provider.write(fresh(inbox), CUSTOMER, "image", "ここが破れています")
    attachment = Attachment.objects.get()
    assert (attachment.state, attachment.content_type) == (FileState.READY, "image/png")
    assert heard().body == "ここが破れています"


def test_an_encrypted_message_is_shown_as_one_that_cannot_be_read_here(
    inbox, agent, client_of
):
    PROVIDER.post(inbox, chat())
    assert (heard().content, heard().body) == ("encrypted", "")
    assert heard().inquiry.waiting_since is not None
    rows = client_of(agent).get("/desk/").content.decode()
    assert "[ここでは読めません]" in rows


def test_an_encrypted_answer_of_the_company_ends_the_waiting(inbox):
    PROVIDER.post(inbox, chat())
    PROVIDER.post(inbox, chat("chat.sent", sender=SHOP))
    assert heard().inquiry.waiting_since is None
    assert sent().conversation_id == heard().conversation_id


def test_what_the_company_answers_on_x_stands_in_the_thread_once(
    inbox, provider, agent
):
    provider.write(fresh(inbox), CUSTOMER, "text", "在庫は？")
    provider.write(fresh(inbox), CUSTOMER, "elsewhere", "ございます")
    assert (sent().body, sent().author) == ("ございます", None)
    ours = reply(agent)
    echo = message(
        "確認いたします。",
        id=ours.provider_message_id,
        sender=provider.account(fresh(inbox)),
        recipient=CUSTOMER,
    )
    told = json.loads(body_of(echo)) | {"for_user_id": provider.account(fresh(inbox))}
    PROVIDER.post(inbox, json.dumps(told).encode())
    assert Message.objects.filter(kind="text", direction="outbound").count() == 2


def test_the_customer_has_read_it(inbox, provider, agent):
    provider.write(fresh(inbox), CUSTOMER, "text", "在庫は？")
    reply(agent)
    provider.write(fresh(inbox), CUSTOMER, "read", "")
    assert sent().state == DeliveryState.READ


def test_an_app_that_was_shut_out_is_told_to_the_admin(inbox):
    told = {"user_event": {"revoke": {"date_time": "2018-05-24T09:48:12+00:00"}}}
    PROVIDER.post(inbox, json.dumps(told).encode())
    assert InboxConnection.objects.get().trouble == "credentials"


# --- out ---
def test_a_reply_with_a_file_goes_as_one_message(inbox, provider, agent):
    provider.write(fresh(inbox), CUSTOMER, "text", "写真はありますか")
    conversation = heard().conversation
    picture = Attachment(
        account=inbox.account,
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
    assert provider.lines_of(CUSTOMER)[-1].text == "こちらです [9 bytes]"


def test_who_has_blocked_us_is_not_written_to_again(inbox, provider, agent):
    provider.write(fresh(inbox), CUSTOMER, "text", "もう結構です")
    provider.blocked.add(CUSTOMER)
    assert reply(agent).failure == "blocked"
    assert Reach.objects.get().closed_reason == "unfollowed"
    provider.write(fresh(inbox), CUSTOMER, "text", "やはりお願いします")
    assert Reach.objects.get().closed_reason == ""


def test_x_says_when_its_window_begins_anew(inbox, provider, agent):
    provider.write(fresh(inbox), CUSTOMER, "text", "在庫は？")
    provider.faults.append(Fault(status=429, retry_after=300))
    waiting = reply(agent)
    assert waiting.state == DeliveryState.QUEUED
    delivery = waiting.deliveries.get()
    pause = delivery.next_attempt_at - delivery.claimed_at
    assert 299 <= pause.total_seconds() <= 303


def test_a_reply_whose_answer_was_cut_off_is_found_at_x(inbox, provider, agent):
    provider.write(fresh(inbox), CUSTOMER, "text", "在庫は？")
    provider.faults.append(Fault(is_cut=True))
    assert reply(agent).state == DeliveryState.UNKNOWN
    sweep_polls()
    assert sent().state == DeliveryState.SENT
    assert sent().provider_message_id == provider.messages[-1]["id"]


# --- tokens ---
def test_a_token_at_its_end_is_exchanged_and_the_new_one_kept(inbox, provider, agent):
    provider.write(fresh(inbox), CUSTOMER, "text", "在庫は？")
    set_secrets(inbox, access_token_until="2020-01-01T00:00:00+00:00")
    assert reply(agent).state == DeliveryState.SENT
    kept = secrets_of(inbox)
    assert kept["access_token"] in provider.access_tokens
    assert kept["refresh_token"] != PROVIDER.secrets["refresh_token"]
    assert kept["consumer_secret"] == PROVIDER.secrets["consumer_secret"]
    reply(agent, "もう一つ")
    assert provider.exchanges == 1


def test_a_token_that_x_knows_no_more_is_exchanged_and_the_reply_leaves(
    inbox, provider, agent
):
    provider.write(fresh(inbox), CUSTOMER, "text", "在庫は？")
    provider.exchanges = 1  # the token of the set-up is old by now
    assert reply(agent).state == DeliveryState.SENT
    assert provider.exchanges == 2


def test_several_workers_exchange_a_token_once(inbox, provider):
    set_secrets(inbox, access_token_until="2020-01-01T00:00:00+00:00")
    row = type(inbox).objects.select_related("connection").get(pk=inbox.pk)
    adapters = [connected(row) for _worker in range(4)]

    def ask(adapter):
        try:
            return adapter.check().address
        finally:
            database.close()

    with ThreadPoolExecutor(4) as workers:
        assert set(workers.map(ask, adapters)) == {"@simulated"}
    assert provider.exchanges == 1


def test_a_sign_in_that_is_void_fails_the_reply_and_is_told_to_the_admin(
    inbox, provider, agent
):
    provider.write(fresh(inbox), CUSTOMER, "text", "在庫は？")
    provider.exchanges = 1
    provider.refresh_tokens.add(PROVIDER.secrets["refresh_token"])
    failed = reply(agent)
    assert (failed.state, failed.failure) == (DeliveryState.FAILED, "credentials")
    assert InboxConnection.objects.get().trouble == "credentials"
    set_secrets(inbox, refresh_token="pasted-anew", access_token="")
    reply(agent, "改めて")
    assert sent().state == DeliveryState.SENT
    assert InboxConnection.objects.get().trouble == ""


def test_a_fault_of_the_exchange_is_no_doubt_about_the_message(inbox, provider, agent):
    provider.write(fresh(inbox), CUSTOMER, "text", "在庫は？")
    set_secrets(inbox, access_token_until="2020-01-01T00:00:00+00:00")
    provider.faults.append(Fault(status=503))
    assert reply(agent).state == DeliveryState.QUEUED
    sweep_deliveries()
    assert len(provider.messages) == 1


def test_what_an_admin_pastes_meanwhile_is_kept(inbox):
    def exchange(before):
        set_secrets(inbox, refresh_token="pasted")
        return Renewed({"access_token": "a", "refresh_token": "b"})

    stale = {"refresh_token": PROVIDER.secrets["refresh_token"]}
    assert renew_secrets(inbox.pk, exchange, stale=stale)["refresh_token"] == "pasted"
    assert secrets_of(inbox)["refresh_token"] == "pasted"


# --- set-up ---
def test_the_check_says_what_is_still_to_be_done_at_x(inbox, provider, settings):
    set_secrets(inbox, bearer_token="app-token")
    settings.PUBLIC_URL = "https://desk.example.jp"
    row = type(inbox).objects.select_related("connection").get(pk=inbox.pk)
    report = connected(row).check()
    assert (report.address, report.findings) == ("@simulated", [])
    provider.is_valid = False
    assert "not to answer" in connected(row).check().findings[0]
    provider.is_registered = False
    assert "not registered" in connected(row).check().findings[0]
    settings.PUBLIC_URL = "https://desk.example.jp:8443"
    assert "without a port" in connected(row).check().findings[0]


def test_a_file_elsewhere_is_never_asked_for_with_our_token(inbox, provider):
    row = type(inbox).objects.select_related("connection").get(pk=inbox.pk)
    adapter = connected(row)
    for url in ("https://evil.example/a", "http://169.254.169.254/"):
        with pytest.raises(SendError), adapter.media({"url": url}):
            pytest.fail("it was fetched")
