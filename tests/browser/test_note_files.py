"""Files while writing a note and a reply: each stays with what it was made for."""

import re

import pytest
from playwright.sync_api import Page, Route, expect

from conversations.choices import Direction, MessageKind
from conversations.models import Draft, Message
from tests.browser.conftest import arrive
from tests.browser.sockets import connected
from tests.factories.conversations import ConversationFactory
from tests.factories.customers import CustomerFactory
from tests.waiting import until

REPLY, NOTE = "#composer-files .upload", "#composer-note-files .upload"
UPLOAD = re.compile(r"/conversations/\d+/files/$")
COMPOSE = re.compile(r"/conversations/\d+/compose/$")
GIVE = """
([name, selector, kind]) => {
  const data = new DataTransfer();
  data.items.add(new File(["社外秘"], name, { type: "text/plain" }));
  const options = { bubbles: true, cancelable: true };
  const event = kind === "drop"
    ? new DragEvent("drop", { dataTransfer: data, ...options })
    : new ClipboardEvent("paste", { clipboardData: data, ...options });
  document.querySelector(selector).dispatchEvent(event);
}
"""


@pytest.fixture
def page(signed_in, agent, conversation, webchat) -> Page:
    arrive(conversation, webchat, "サイズを交換したいです")
    return connected(signed_in(agent), f"/conversations/{conversation.pk}/")


def give(page: Page, name: str, selector: str, kind: str = "paste") -> None:
    page.evaluate(GIVE, [name, selector, kind])


def choose(page: Page, name: str) -> None:
    with page.expect_file_chooser() as chooser:
        page.locator("[data-attach]").click()
    file = {"name": name, "mimeType": "text/plain", "buffer": "社外秘".encode()}
    chooser.value.set_files([file])


def key_pressed(page: Page, key: str, field: str) -> None:
    page.keyboard.press("Escape")
    page.keyboard.press(key)
    expect(page.locator(field)).to_be_focused()


def caught(page: Page, held: list[Route], count: int = 1) -> None:
    """Wait until so many requests are held back."""

    def looked() -> bool:
        page.wait_for_timeout(20)
        return len(held) >= count

    until(looked)


def names_of(message: Message) -> set[str]:
    return {one.name for one in message.attachments.all()}


def test_files_of_a_note_go_with_the_note_and_never_with_the_reply(page: Page):
    page.locator("#composer-note").or_(page.locator("#composer-reply")).first.focus()
    key_pressed(page, "m", "#composer-note")
    give(page, "貼付.txt", "#composer-note")
    give(page, "落とし.txt", "#composer-note", "drop")
    choose(page, "選択.txt")
    expect(page.locator(f"{NOTE} input[name=file]")).to_have_count(3)
    key_pressed(page, "r", "#composer-reply")
    expect(page.locator("#composer-note-files")).to_be_hidden()
    page.keyboard.type("ございます")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#thread .message--out[data-pk]")).to_have_count(1)
    expect(page.locator("#thread .message--out .attachment")).to_have_count(0)
    key_pressed(page, "m", "#composer-note")
    page.keyboard.type("ご確認ください")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#thread .message--note[data-pk] .attachment")).to_have_count(3)
    expect(page.locator(".upload")).to_have_count(0)
    reply = Message.objects.get(direction=Direction.OUTBOUND)
    note = Message.objects.get(kind=MessageKind.NOTE)
    assert names_of(reply) == set()
    assert names_of(note) == {"貼付.txt", "落とし.txt", "選択.txt"}


def test_an_upload_that_ends_after_the_switch_stays_with_its_kind(page: Page):
    held: list[Route] = []
    page.route(UPLOAD, lambda route: held.append(route))
    page.locator("#composer-reply").focus()
    key_pressed(page, "m", "#composer-note")
    give(page, "社外秘.txt", "#composer-note")
    expect(page.locator(NOTE)).to_have_count(1)
    key_pressed(page, "r", "#composer-reply")
    give(page, "説明書.txt", "#composer-reply")
    caught(page, held, 2)
    for route in reversed(held):
        route.continue_()
    expect(page.locator(f"{NOTE} input[name=file]")).to_have_count(1)
    expect(page.locator(f"{REPLY} input[name=file]")).to_have_count(1)
    page.keyboard.type("お送りします")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#thread .message--out .attachment")).to_have_count(1)
    assert names_of(Message.objects.get(direction=Direction.OUTBOUND)) == {"説明書.txt"}


def test_what_is_added_while_a_reply_is_under_way_stays_for_the_next(page: Page):
    held: list[Route] = []
    page.route(COMPOSE, lambda route: held.append(route))
    page.locator("#composer-reply").focus()
    page.keyboard.type("お送りします")
    page.keyboard.press("Control+Enter")
    caught(page, held)
    page.keyboard.type("。ほかには")
    give(page, "遅れて.txt", "#composer-reply")
    expect(page.locator(f"{REPLY} input[name=file]")).to_have_count(1)
    held[0].continue_()
    expect(page.locator("#thread .message--out[data-pk]")).to_have_count(1)
    expect(page.locator("#composer-reply")).to_have_value("。ほかには")
    expect(page.locator(REPLY)).to_have_count(1)
    assert names_of(Message.objects.get(direction=Direction.OUTBOUND)) == set()


def test_the_kind_is_switched_while_a_reply_is_under_way(page: Page):
    """Its answer clears the reply, never the note that is being written by then."""
    held: list[Route] = []
    page.route(COMPOSE, lambda route: held.append(route))
    page.locator("#composer-reply").focus()
    page.keyboard.type("お送りします")
    page.keyboard.press("Control+Enter")
    caught(page, held)
    key_pressed(page, "m", "#composer-note")
    page.keyboard.type("要確認")
    give(page, "社外秘.txt", "#composer-note")
    held[0].continue_()
    expect(page.locator("#thread .message--out[data-pk]")).to_have_count(1)
    expect(page.locator("#composer-note")).to_have_value("要確認")
    expect(page.locator("#composer-note")).to_be_focused()
    expect(page.locator(NOTE)).to_have_count(1)
    expect(page.locator("#composer-reply")).to_have_value("")
    until(lambda: not Draft.objects.filter(is_note=False).exists())


def test_a_reload_between_brings_each_file_back_to_its_kind(page: Page):
    page.locator("#composer-reply").focus()
    give(page, "説明書.txt", "#composer-reply")
    expect(page.locator(f"{REPLY} input[name=file]")).to_have_count(1)
    key_pressed(page, "m", "#composer-note")
    give(page, "社外秘.txt", "#composer-note")
    until(lambda: Draft.objects.exclude(beside={}).count() == 2)
    page.reload()
    expect(page.locator(REPLY)).to_contain_text("説明書.txt")
    expect(page.locator(NOTE)).to_contain_text("社外秘.txt")
    expect(page.locator("#composer-note-files")).to_be_hidden()


def test_two_tabs_do_not_send_the_same_file_twice(page: Page):
    page.locator("#composer-reply").focus()
    give(page, "説明書.txt", "#composer-reply")
    until(lambda: Draft.objects.exclude(beside={}).count() == 1)
    other = connected(page.context.new_page(), page.url)
    expect(other.locator(f"{REPLY} input[name=file]")).to_have_count(1)
    for tab in (page, other):
        tab.bring_to_front()
        tab.locator("#composer-reply").focus()
        tab.keyboard.type("お送りします")
        tab.keyboard.press("Control+Enter")
        expect(tab.locator("#thread .message--out[data-pk]")).to_have_count(1)
        expect(tab.locator("#thread [data-outbox]")).to_have_count(0)
    # One draft, one message: the second tab has sent the very same.
    expect(other.locator("#composer-reply")).to_have_value("")
    assert Message.objects.filter(direction=Direction.OUTBOUND).count() == 1


def test_a_file_whose_conversation_was_left_is_said_to_be_lost(
    page: Page, account, webchat
):
    other = CustomerFactory(account=account, family_name="前田", given_name="光")
    arrive(ConversationFactory(customer=other), webchat, "別のお客様です")
    row = page.locator(".entry", has_text="前田 光")
    expect(row).to_be_visible()
    held: list[Route] = []
    page.route(UPLOAD, lambda route: held.append(route))
    page.locator("#composer-reply").focus()
    give(page, "説明書.txt", "#composer-reply")
    caught(page, held)
    row.click()
    expect(page.locator("#workspace")).to_contain_text("前田 光")
    held[0].continue_()
    expect(page.locator(".toast")).to_contain_text("説明書.txt")
    expect(page.locator(".upload")).to_have_count(0)


def test_a_note_that_is_added_leaves_what_the_reply_has(page: Page):
    page.locator("#composer-reply").focus()
    page.keyboard.type("書きかけ")
    give(page, "説明書.txt", "#composer-reply")
    expect(page.locator(f"{REPLY} input[name=file]")).to_have_count(1)
    key_pressed(page, "m", "#composer-note")
    page.keyboard.type("要確認")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#thread .message--note[data-pk]")).to_have_count(1)
    key_pressed(page, "r", "#composer-reply")
    expect(page.locator("#composer-reply")).to_have_value("書きかけ")
    expect(page.locator(REPLY)).to_have_count(1)
