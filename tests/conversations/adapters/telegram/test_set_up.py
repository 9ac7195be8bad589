"""Connecting a bot: one thing to paste, and the desk does the rest."""

import pytest

from agentdesk.log_masking import masked
from conversations.adapters.telegram import set_up
from conversations.adapters.telegram.adapter import TelegramAdapter
from conversations.adapters.telegram.set_up import UPDATES, webhook_secret
from conversations.inboxes.actions.check_connection import check_connection
from conversations.models import InboxConnection
from tests.conversations.providers.telegram import PROVIDER

pytestmark = pytest.mark.django_db(transaction=True)
TOKEN = PROVIDER.secrets["bot_token"]


def test_the_check_tells_telegram_our_address_and_its_secret(telegram, admin):
    assert check_connection(telegram.inbox, actor=admin.user)
    webhook = telegram.simulator.webhooks[TOKEN]
    assert webhook["url"] == telegram.connection.public_url
    assert webhook["secret_token"] == webhook_secret(TOKEN, telegram.inbox.key)
    assert webhook["allowed_updates"] == list(UPDATES)
    connection = InboxConnection.objects.get()
    assert connection.address == "@mise009_bot"


def test_a_token_that_is_none_is_said_to_be_none(telegram, admin, settings):
    telegram.simulator.connections().clear()
    assert not check_connection(telegram.inbox, actor=admin.user)
    assert InboxConnection.objects.get().trouble == "credentials"


def test_an_address_that_telegram_does_not_take_is_named(telegram):
    from dataclasses import replace  # noqa: PLC0415

    bare = replace(telegram.connection, public_url="http://desk.example.jp/hooks/a/")
    assert TelegramAdapter(bare).check().findings == [set_up._NOT_SET]


def test_what_did_not_arrive_is_told(telegram):
    adapter = TelegramAdapter(telegram.connection)
    adapter.check()
    telegram.simulator.last_error = {
        "last_error_date": 1795996800,
        "last_error_message": "Wrong response from the webhook: 502 Bad Gateway",
        "pending_update_count": 3,
    }
    assert adapter.check().findings == [set_up._NOT_REACHED]
    assert adapter.check().findings == []


def test_the_secret_is_of_this_inbox_and_this_token_alone():
    secrets = {
        webhook_secret(token, key) for token in ("1:a", "1:b") for key in ("x", "y")
    }
    assert len(secrets) == 4
    assert all(one.isalnum() and len(one) == 64 for one in secrets)


def test_the_page_has_nothing_to_paste_at_the_provider(
    telegram, admin, client_of, account
):
    page = client_of(admin).get(
        f"/settings/{account.slug}/inboxes/{telegram.inbox.pk}/"
    )
    text = page.content.decode()
    assert "このアドレスを提供元に自動で登録します" in text
    assert "@BotFather" in text


def test_no_line_of_a_log_shows_the_token_that_stands_in_every_address():
    for path in (f"bot{TOKEN}/getMe", f"file/bot{TOKEN}/photos/file_1.jpg"):
        line = masked(f"HTTP Request: POST https://api.telegram.org/{path} 200")
        assert TOKEN.partition(":")[2] not in line
        assert TOKEN.partition(":")[0] not in line
