"""A session that ended while one was answering: nothing typed or chosen is lost."""

from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from agentdesk.accounts.models import Session
from conversations.choices import Channel, Direction
from conversations.models import Attachment, Message
from tests.browser.conftest import outside
from tests.browser.sockets import connected
from tests.browser.test_every_screen import rest
from tests.factories.accounts import PASSWORD
from tests.receiving import receive_message


@pytest.fixture
def page(signed_in, agent, conversation, webchat) -> Page:
    """The agent's desk on a question of the customer."""
    outside(
        lambda: receive_message(
            conversation.customer,
            inbox=webchat,
            channel=Channel.WEBCHAT,
            body="サイズを交換したいです",
            client_id=uuid4(),
        )
    )
    return connected(signed_in(agent), f"/conversations/{conversation.pk}/")


def answer_lock(page: Page) -> None:
    lock = page.locator("#reauthenticate")
    expect(lock).to_be_visible()
    lock.locator("[name=password]").fill(PASSWORD)
    lock.get_by_role("button", name="続ける").click()
    expect(lock).to_be_hidden()


def replies():
    return Message.objects.filter(direction=Direction.OUTBOUND)


def test_the_composer_keeps_its_text_and_sends_it_once(page):
    reply = page.locator("#composer-reply")
    reply.press_sequentially("在庫が")
    Session.objects.all().delete()
    reply.press_sequentially("ございます")
    answer_lock(page)
    expect(reply).to_have_value("在庫がございます")
    expect(reply).to_be_focused()
    page.keyboard.press("Control+Enter")
    expect(page.locator("#thread .message--out[data-pk]")).to_have_count(1)
    expect(reply).to_have_value("")
    assert replies().get().body == "在庫がございます"


def test_a_reply_refused_for_its_session_leaves_once_after_the_unlock(page):
    page.locator("#composer-reply").fill("在庫がございます")
    Session.objects.all().delete()
    page.keyboard.press("Control+Enter")
    answer_lock(page)
    expect(page.locator("#thread .message--out[data-pk]")).to_have_count(1)
    assert replies().get().body == "在庫がございます"


def test_a_file_is_sent_again_after_the_unlock(page):
    Session.objects.all().delete()
    page.locator("#composer-file").set_input_files(
        {"name": "注文.txt", "mimeType": "text/plain", "buffer": "注文".encode()}
    )
    answer_lock(page)
    expect(page.locator("#composer-files input[name=file]")).to_have_count(1)
    expect(page.locator("#composer-files .upload")).to_have_count(1)
    expect(page.locator("#toasts [data-toast]")).to_have_count(0)
    page.locator("#composer-reply").fill("添付いたします")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#thread .message--out[data-pk]")).to_contain_text("注文.txt")
    assert Attachment.objects.get().message == replies().get()


def test_the_page_that_asks_for_the_password_stays_until_it_is_there(
    signed_in, agent, conversation
):
    """A locked session opens no socket, and what refuses it loads nothing anew."""
    page = signed_in(agent)
    page.goto("/me/")
    rest(page, agent.user)
    loads: list[str] = []
    page.on("load", lambda one: loads.append(one.url))
    page.goto("/accounts/locked/")
    page.wait_for_load_state("networkidle")
    assert len(loads) == 1
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("form:has([name=password]) [type=submit]").first.click()
    page.wait_for_url("**/desk/**")
