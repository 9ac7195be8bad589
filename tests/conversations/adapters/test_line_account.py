"""Connecting LINE, and linking its customers with the shop's."""

import json
import re
from html import unescape
from uuid import uuid4

import pytest
from django.test import Client

from conversations.choices import ThreadEvent
from conversations.connections.connection import adapter_of
from conversations.models import AccountLinkNonce, InboxApiKey, Message
from customers.models import Identity
from tests.conversations.line import answer
from tests.conversations.linking import NONCE, invite, link, post_nonce
from tests.conversations.providers.email import PROVIDER as EMAIL

pytestmark = pytest.mark.django_db(transaction=True)


def line_of(conversation, event):
    return conversation.messages.filter(event=event)


def test_a_customer_who_signs_in_to_the_shop_is_known_by_its_number(linkable, agent):
    conversation = linkable.write("連携したいです").conversation
    link(linkable, agent, conversation)
    identity = Identity.objects.get(kind="shop")
    assert (identity.value, identity.verified) == ("S-1001", True)
    assert identity.customer == conversation.customer
    assert line_of(conversation, ThreadEvent.LINKED).exists()
    assert AccountLinkNonce.objects.get().used_at is not None


def test_the_link_stands_in_no_message_of_ours(linkable, agent):
    """Whoever reads the thread could link their own LINE with it."""
    conversation = linkable.write("連携したいです").conversation
    invite(agent, conversation)
    assert "linkToken" not in f"{answer().body} {answer().data}"
    assert answer().data["buttons"]


def test_what_was_being_written_stays_when_the_customer_is_asked_to_link(
    linkable, agent, client_of
):
    conversation = linkable.write("連携したいです").conversation
    http, own = client_of(agent), f"/conversations/{conversation.pk}/"
    http.post(f"{own}draft/", {"kind": "reply", "body": "書きかけの返信"})
    assert "書きかけの返信" in http.get(own).content.decode()
    assert invite(agent, conversation).status_code == 201
    assert "書きかけの返信" in http.get(own).content.decode()


def test_the_button_is_shown_in_the_thread_as_the_customer_sees_it(
    linkable, agent, client_of
):
    conversation = linkable.write("連携したいです").conversation
    invite(agent, conversation)
    label = linkable.objects()[-1]["template"]["actions"][0]["label"]
    page = client_of(agent).get(f"/conversations/{conversation.pk}/messages/")
    bubble = r'class="message__buttons".*?</ul>'
    shown = re.search(bubble, page.content.decode(), re.DOTALL)[0]
    assert label in shown


def test_a_nonce_the_shop_has_not_told_links_nobody(linkable, agent):
    conversation = linkable.write("連携したいです").conversation
    link(linkable, agent, conversation, nonce="made-up-by-somebody")
    assert not Identity.objects.filter(kind="shop").exists()
    assert line_of(conversation, ThreadEvent.LINK_FAILED).exists()


def test_a_nonce_is_good_once(linkable, agent):
    first = linkable.write("私です", person="1").conversation
    link(linkable, agent, first)
    second = linkable.write("私もです", person="2").conversation
    event = linkable.simulator.event(
        "2", "accountLink", link={"result": "ok", "nonce": NONCE}
    )
    linkable.simulator.post(linkable.connection, event)
    assert Identity.objects.get(kind="shop").customer == first.customer
    assert not line_of(second, ThreadEvent.LINKED).exists()
    assert not line_of(second, ThreadEvent.TO_CHECK).exists()


@pytest.mark.parametrize(
    ("nonce", "customer", "key", "status"),
    [
        (NONCE, "S-1", "adk_wrong", 401),
        ("short", "S-1", "adk_shop", 422),
        (NONCE, "", "adk_shop", 422),
        (NONCE, "S\u00001", "adk_shop", 422),
    ],
)
def test_the_shop_is_refused_with_the_reason(linkable, nonce, customer, key, status):
    assert post_nonce(nonce, customer, key).status_code == status
    assert not AccountLinkNonce.objects.exists()


def test_without_a_sign_in_page_nobody_is_asked_to_link(line, agent):
    conversation = line.write("連携したいです").conversation
    assert invite(agent, conversation).status_code == 422
    assert not Message.objects.filter(direction="outbound").exists()


def test_a_group_is_not_asked_to_link(linkable, agent):
    conversation = linkable.write("連携したいです", person="g1:1").conversation
    assert invite(agent, conversation).status_code == 422
    assert "account-link" not in composer_of(agent, conversation)


def composer_of(agent, conversation) -> str:
    http = Client()
    http.force_login(agent.user)
    page = http.get(f"/conversations/{conversation.pk}/compose/via/")
    return page.content.decode()


def test_the_menu_of_channels_offers_to_ask_where_it_can_be_done(linkable, agent):
    conversation = linkable.write("連携したいです").conversation
    menu = composer_of(agent, conversation)
    assert f'hx-post="/conversations/{conversation.pk}/account-link/"' in menu
    assert "会員連携を依頼" in menu
    assert 'hx-params="via"' in menu  # never the client_id of the reply being written
    trigger = json.loads(invite(agent, conversation).headers["HX-Trigger"])
    assert "依頼しました" in str(trigger)
    linkable.inbox.connection.settings = {}
    linkable.inbox.connection.save(update_fields=["settings"])
    assert "account-link" not in composer_of(agent, conversation)


def test_an_admin_makes_the_key_with_which_the_shop_tells_whom_it_signed_in(
    line, admin, client_of
):
    desk, inbox = client_of(admin), line.inbox
    page_url = f"/settings/{inbox.account.slug}/inboxes/{inbox.pk}/"
    page = desk.get(page_url).content.decode()
    assert "/api/v1/line/nonce" in page
    made = desk.post(f"{page_url}keys/", {"client_id": uuid4()})
    assert made.headers["Cache-Control"] == "no-store"
    text = unescape(made.content.decode())
    key = re.search(r"Authorization: Bearer (adk_[\w-]+)", text)[1]
    body = json.loads(re.search(r"-d '(\{.*?\})'", text)[1])
    assert post_nonce(body["nonce"], body["customer_id"], key).status_code == 201
    assert key not in desk.get(page_url).content.decode()
    row = InboxApiKey.objects.get()
    gone = desk.post(f"{page_url}keys/{row.pk}/revoke/")
    assert gone.status_code == 200
    assert post_nonce("another-nonce-of-the-shop", "S-1", key).status_code == 401


def test_keys_of_an_inbox_are_the_admins_and_only_where_there_is_something_to_link(
    line, agent, admin, client_of, account, queue
):
    path = f"/settings/{account.slug}/inboxes/{line.inbox.pk}/keys/"
    form = {"client_id": uuid4()}
    assert client_of(agent).post(path, form).status_code == 403
    other = EMAIL.connected(account, queue)
    path = f"/settings/{account.slug}/inboxes/{other.pk}/keys/"
    assert client_of(admin).post(path, form).status_code == 404
    assert not InboxApiKey.objects.exists()


def test_line_is_asked_who_we_are_and_finds_our_address(line):
    report = adapter_of(line.inbox).check()
    assert (report.address, report.name) == ("@216ruwzz", line.inbox.name)
    assert report.findings == []
    assert report.facts["mark_as_read_mode"] == "manual"
    line.inbox.connection.refresh_from_db()
    assert line.inbox.connection.tested_at is not None  # by LINE's own try


@pytest.mark.parametrize(
    ("values", "word"),
    [
        ({"endpoint": ""}, "save it"),
        ({"endpoint": "https://elsewhere.example.jp/"}, "another address"),
        ({"is_webhook_used": False}, "Use webhook"),
    ],
)
def test_what_is_still_to_do_at_line_is_said(line, values, word):
    for name, value in values.items():
        setattr(line.simulator.account, name, value)
    (finding,) = adapter_of(line.inbox).check().findings
    assert word in finding
