"""Signs on notes and pins, by keyboard and live to others."""

from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from conversations.models import Message
from conversations.replies.actions.note import add_note
from tests.browser.conftest import arrive
from tests.browser.sockets import connected


@pytest.fixture
def note(agent, conversation, webchat) -> Message:
    arrive(conversation, webchat, "まだ届きません")
    return add_note(
        conversation, member=agent, body="折り返しは15時以降", client_id=uuid4()
    )


@pytest.fixture
def desk(signed_in, conversation, note, agent) -> Page:
    return connected(signed_in(agent), f"/conversations/{conversation.pk}/")


def test_a_sign_is_put_by_keys_and_others_see_it_at_once(
    desk, note, signed_in, supervisor, conversation
):
    other = connected(signed_in(supervisor), f"/conversations/{conversation.pk}/")
    desk.locator(f"#signs-{note.pk}").focus()
    desk.keyboard.press("Enter")
    expect(desk.locator("#note-signs [data-sign]").first).to_be_focused()
    desk.keyboard.press("ArrowDown")
    desk.keyboard.press("Enter")
    sign = f"#message-{note.pk} .reaction--sign"
    for page, pressed in ((desk, "true"), (other, "false")):
        expect(page.locator(sign)).to_contain_text("✅")
        expect(page.locator(sign)).to_have_attribute("aria-pressed", pressed)
    other.locator(sign).click()
    expect(desk.locator(sign)).to_contain_text("2")
    desk.locator(sign).click()
    expect(other.locator(sign)).to_contain_text("1")


def test_a_pin_stands_folded_at_the_head_and_leads_to_its_message(desk, note):
    desk.locator(f"#pin-{note.pk}").click()
    fold = desk.locator("#pins .pins__head")
    expect(fold).to_contain_text("折り返しは15時以降")
    fold.focus()
    desk.keyboard.press("Enter")
    desk.locator("#pins [data-jump-to]").click()
    expect(desk.locator(f"#message-{note.pk}")).to_be_in_viewport()
    desk.locator("#pins .pins__one button").click()
    expect(fold).to_have_count(0)
