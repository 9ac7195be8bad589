"""The outbox: a message stands in its thread at once, and nothing that was sent is lost."""

import re

import pytest
from playwright.sync_api import Page, Route, expect

from conversations.choices import Direction
from conversations.models import Draft, Inquiry, Message
from tests.browser.chat import BLOCK, FULL
from tests.browser.conftest import arrive
from tests.browser.sockets import connected
from tests.browser.test_moved_on import COMPOSE, REPLY, send
from tests.browser.test_note_files import caught
from tests.waiting import until

DRAFT = re.compile(r"/conversations/\d+/draft/$")
BUBBLE = "#thread [data-outbox]"
OURS = "#thread .message--out[data-pk]"


@pytest.fixture
def page(signed_in, agent, conversation, webchat) -> Page:
    arrive(conversation, webchat, "サイズを交換したいです")
    return connected(signed_in(agent), f"/conversations/{conversation.pk}/")


def replies() -> list[str]:
    rows = Message.objects.filter(direction=Direction.OUTBOUND).order_by("pk")
    return list(rows.values_list("body", flat=True))


def test_a_reply_stands_in_its_thread_before_the_server_answers(page: Page):
    held: list[Route] = []
    page.route(COMPOSE, lambda route: held.append(route))
    send(page, "在庫がございます")
    expect(page.locator(BUBBLE)).to_contain_text("在庫がございます")
    expect(page.locator(BUBBLE)).to_contain_text("送信中")
    expect(page.locator(REPLY)).to_have_value("")
    page.keyboard.type("もう一つ")
    caught(page, held)
    held[0].continue_()
    expect(page.locator(BUBBLE)).to_have_count(0)
    expect(page.locator(OURS)).to_have_count(1)
    expect(page.locator(REPLY)).to_have_value("もう一つ")
    assert replies() == ["在庫がございます"]


def test_the_message_and_its_bubble_are_never_there_together(page: Page):
    page.evaluate(
        """() => {
            window.most = 0;
            new MutationObserver(() => {
                const all = document.querySelectorAll("#thread .message--out");
                window.most = Math.max(window.most, all.length);
            }).observe(document.getElementById("thread"), {childList: true});
        }"""
    )
    send(page, "在庫がございます")
    until(lambda: replies() == ["在庫がございます"])
    expect(page.locator(BUBBLE)).to_have_count(0)
    expect(page.locator(OURS)).to_have_count(1)
    assert page.evaluate("window.most") <= 2  # in one breath, before it is painted


def test_what_is_refused_is_back_in_the_composer(page: Page):
    body = '<div class="banner"><div class="banner__body">時間切れです</div></div>'
    page.route(
        COMPOSE,
        lambda route: route.fulfill(status=422, body=body, content_type="text/html"),
    )
    send(page, "在庫がございます")
    expect(page.locator("#composer-notice")).to_contain_text("時間切れです")
    expect(page.locator(REPLY)).to_have_value("在庫がございます")
    expect(page.locator(BUBBLE)).to_have_count(0)
    expect(page.locator("outbox-button")).to_be_hidden()


def test_written_without_a_line_it_goes_once_the_line_is_back(page: Page):
    page.context.set_offline(True)
    send(page, "在庫がございます")
    expect(page.locator(BUBBLE)).to_contain_text("接続が戻りしだい")
    expect(page.locator("outbox-button [data-count]")).to_have_text("1")
    page.keyboard.type("続きです")
    page.context.set_offline(False)
    until(lambda: replies() == ["在庫がございます"])
    expect(page.locator(BUBBLE)).to_have_count(0)
    expect(page.locator(OURS)).to_have_count(1)
    expect(page.locator(REPLY)).to_have_value("続きです")
    expect(page.locator("outbox-button")).to_be_hidden()


@pytest.mark.parametrize("store", [FULL, BLOCK], ids=["full", "blocked"])
def test_a_browser_that_stores_nothing_sends_it_as_well(page: Page, store: str):
    page.context.add_init_script(store)
    page.reload()
    page.context.set_offline(True)
    send(page, "在庫がございます")
    expect(page.locator(BUBBLE)).to_contain_text("接続が戻りしだい")
    page.context.set_offline(False)
    until(lambda: replies() == ["在庫がございます"])
    expect(page.locator(BUBBLE)).to_have_count(0)


def test_what_two_tabs_have_written_goes_once_each(page: Page):
    other = connected(page.context.new_page(), page.url)
    page.context.set_offline(True)
    for tab, words in ((page, "在庫がございます"), (other, "明日お届けします")):
        tab.bring_to_front()
        send(tab, words)
        expect(tab.locator(BUBBLE).last).to_contain_text("接続が戻りしだい")
    expect(page.locator("outbox-button [data-count]")).to_have_text("2")
    page.context.set_offline(False)
    until(lambda: sorted(replies()) == ["在庫がございます", "明日お届けします"])
    for tab in (page, other):
        expect(tab.locator("outbox-button")).to_be_hidden()


def test_after_a_reload_it_goes_on_and_is_not_written_twice(page: Page, conversation):
    page.route(COMPOSE, lambda route: route.abort())
    with page.expect_response(re.compile("/draft/$")):
        page.locator(REPLY).focus()
        page.keyboard.type("在庫がございます")
    page.keyboard.press("Control+Enter")
    expect(page.locator(BUBBLE)).to_contain_text("接続が戻りしだい")
    page.reload()
    expect(page.locator(BUBBLE)).to_contain_text("在庫がございます")
    expect(page.locator(REPLY)).to_have_value("")
    page.unroute(COMPOSE)
    page.locator(BUBBLE).locator("[data-again]").click()
    until(lambda: replies() == ["在庫がございます"])
    expect(page.locator(BUBBLE)).to_have_count(0)
    until(lambda: not Draft.objects.exists())


def test_what_a_new_message_has_stopped_goes_once_it_was_read(
    page: Page, conversation, webchat
):
    page.context.set_offline(True)
    send(page, "在庫がございます")
    expect(page.locator(BUBBLE)).to_contain_text("接続が戻りしだい")
    arrive(conversation, webchat, "やはり結構です")
    page.context.set_offline(False)
    bubble = page.locator(BUBBLE)
    expect(bubble).to_contain_text("未送信")
    expect(page.locator("#thread")).to_contain_text("やはり結構です")
    assert replies() == []
    bubble.locator("[data-again]").click()
    until(lambda: replies() == ["在庫がございます"])
    expect(bubble).to_have_count(0)


def test_an_answer_that_was_lost_counts_once(page: Page):
    answered = []

    def lose(route: Route) -> None:
        route.fetch()
        answered.append(True)
        route.abort()

    page.route(COMPOSE, lose, times=1)
    send(page, "在庫がございます")
    caught(page, answered)
    expect(page.locator(BUBBLE)).to_have_count(0)
    expect(page.locator(OURS)).to_have_count(1)
    assert replies() == ["在庫がございます"]


def write_note(page: Page, text: str) -> None:
    page.locator("input[name=kind][value=note]").check(force=True)
    page.locator("#composer-note").focus()
    page.keyboard.type(text)
    page.keyboard.press("Control+Enter")


def test_what_was_written_is_taken_back_by_one_key(page: Page):
    write_note(page, "在庫を確認中")
    toast = page.locator(".toast", has_text="メモを追加しました")
    expect(toast).to_be_visible()
    expect(page.locator("#thread .message--note[data-pk]")).to_have_count(1)
    page.keyboard.type("続きです")
    page.keyboard.press("Escape")
    page.keyboard.press("u")
    note = page.locator("#composer-note")
    expect(note).to_have_value("在庫を確認中\n\n続きです")
    expect(note).to_be_focused()
    expect(page.locator("#thread .message--note[data-pk]")).to_have_count(0)
    expect(toast).to_have_count(0)
    assert not Message.objects.filter(kind="note").exists()


def test_taken_back_while_a_draft_is_being_saved_no_word_is_lost(page: Page):
    held: list[Route] = []
    page.route(DRAFT, lambda route: held.append(route), times=1)
    write_note(page, "在庫を確認中")
    expect(page.locator(".toast", has_text="メモを追加しました")).to_be_visible()
    page.keyboard.type("続きです")
    caught(page, held)
    page.keyboard.type("まだ")
    page.keyboard.press("Escape")
    page.keyboard.press("u")
    held[0].continue_()
    note = page.locator("#composer-note")
    expect(note).to_have_value("在庫を確認中\n\n続きですまだ")
    page.reload()
    expect(note).to_have_value("在庫を確認中\n\n続きですまだ")


def test_the_toast_stands_at_the_foot_of_the_conversation_not_over_the_list(page: Page):
    write_note(page, "在庫を確認中")
    toast = page.locator(".toast").bounding_box()
    pane = page.locator("#pane-list").bounding_box()
    dock = page.locator(".composer-dock").bounding_box()
    assert toast
    assert pane
    assert dock
    assert toast["x"] >= pane["x"] + pane["width"]
    assert toast["y"] + toast["height"] <= dock["y"]


def test_a_snooze_is_undone_by_one_key(page: Page):
    page.keyboard.press("z")
    page.locator("#picker [role=option]").first.click()
    toast = page.locator(".toast", has_text="スヌーズ")
    expect(toast).to_be_visible()
    page.keyboard.press("u")
    until(lambda: Inquiry.objects.get().snoozed_until is None)
    expect(page.locator(".toast", has_text="取り消しました")).to_be_visible()
