"""Nothing that goes as it should is an error in the browser's console."""

import pytest
from playwright.sync_api import ConsoleMessage, Page, expect

from conversations.choices import DeliveryState
from conversations.live import events
from conversations.models import Message
from tests.browser.conftest import arrive, outside
from tests.browser.sockets import connected
from tests.factories.threads import inbound_message, line_of

_BLOCKED = "Service Worker registration blocked by Playwright"  # its own doing


@pytest.fixture
def errors() -> list[str]:
    return []


@pytest.fixture
def desk(signed_in, agent, errors):
    def opening(conversation) -> Page:
        page = signed_in(agent)

        def note(message: ConsoleMessage) -> None:
            if message.type in {"error", "warning"} and message.text != _BLOCKED:
                errors.append(message.text)

        page.on("console", note)
        page.on("pageerror", lambda error: errors.append(str(error)))
        return connected(page, f"/conversations/{conversation.pk}/")

    return opening


def test_a_reply_and_a_note_write_no_error(desk, errors, conversation, webchat):
    arrive(conversation, webchat, "サイズを交換したいです")
    page = desk(conversation)
    page.locator("#composer-reply").fill("ございます")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#thread .message--out[data-pk]")).to_have_count(1)
    page.keyboard.press("Escape")
    page.keyboard.press("m")
    page.keyboard.type("要確認")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#thread .message--note[data-pk]")).to_have_count(1)
    page.wait_for_load_state("networkidle")
    assert errors == []


def test_a_reply_by_a_provider_whose_state_changes_at_once_writes_no_error(
    desk, errors, conversation
):
    """Each change lets the channel of the reply be read again, one into the other."""
    inbox, reach = line_of(conversation)
    message = inbound_message(conversation, inbox, "在庫は？", identity=reach.identity)
    page = desk(conversation)
    requested: list[str] = []
    page.on("request", lambda one: requested.append(one.url))
    page.route("**/compose/via/*", lambda route: route.continue_())

    def changed() -> None:
        for state in (DeliveryState.RECEIVED, DeliveryState.RECEIVED):
            Message.objects.filter(pk=message.pk).update(state=state)
            events.message_changed(message)
            events.message_added(message)
            events.compose_changed(conversation)

    for _burst in range(3):
        outside(changed)
    page.wait_for_load_state("networkidle")
    assert [url for url in requested if "/compose/via/" in url]
    assert errors == []


def test_a_channel_that_is_picked_again_at_once_writes_no_error(
    desk, errors, conversation
):
    """The second reading takes the place of the first; and no tooltip hides what is new."""
    inbox, reach = line_of(conversation)
    inbound_message(conversation, inbox, "在庫は？", identity=reach.identity)
    page = desk(conversation)
    page.route("**/compose/via/*picked*", lambda route: None, times=1)
    options = page.locator("#via-menu [data-pick]")
    for _twice in range(2):
        page.locator(".via__button").click()
        with page.expect_request("**/compose/via/*picked*"):
            options.first.click()
    expect(page.locator("#via-menu [aria-checked=true]")).to_have_count(1)
    expect(page.locator("#tooltip")).to_be_hidden()
    assert errors == []
