"""The chat on a shop's own site: another origin, hostile styles, bad lines, keyboard."""

import json
from uuid import uuid4

from playwright.sync_api import Route, expect

from conversations.models import Attachment, Conversation, Visitor
from conversations.replies.actions.reply import send_reply
from tests.browser.axe import look
from tests.browser.chat import bodies, field, write
from tests.browser.conftest import outside

ACTIVE = "document.querySelector('agentdesk-chat').shadowRoot.activeElement?.className"


def test_the_styles_of_the_shop_do_not_reach_the_chat(opened):
    page = opened()
    write(page, "届いていますか")
    expect(page.locator(".row.mine .mark")).to_have_text("送信済み")
    look = field(page).evaluate(
        """field => { const s = getComputedStyle(field); return [
          s.color, s.fontSize, s.fontStyle, s.letterSpacing, s.textTransform, s.direction]}"""
    )
    assert look[0] != "rgb(255, 0, 0)"
    assert look[2:] == ["normal", "normal", "none", "ltr"]
    assert float(look[1].removesuffix("px")) <= 18
    panel = page.locator(".panel").bounding_box()
    assert panel["x"] >= 0
    assert panel["x"] + panel["width"] <= 1366
    assert panel["y"] + panel["height"] <= 768


def test_enter_sends_but_not_while_an_ime_composes(opened):
    page = opened()
    field(page).fill("こんにちは")
    field(page).evaluate(
        """field => field.dispatchEvent(new KeyboardEvent("keydown",
           {key: "Enter", keyCode: 229, isComposing: true, bubbles: true}))"""
    )
    field(page).press("Shift+Enter")
    field(page).press_sequentially("二行目")
    expect(field(page)).to_have_value("こんにちは\n二行目")
    assert bodies() == []
    field(page).press("Enter")
    expect(page.locator(".row.mine .mark")).to_have_text("送信済み")
    assert bodies() == ["こんにちは\n二行目"]


def test_an_offline_spell_keeps_what_was_written_and_sends_it_once(opened):
    page = opened()
    write(page, "最初")
    expect(page.locator(".row.mine .mark")).to_have_text("送信済み")
    page.context.set_offline(True)
    write(page, "圏外で書いた")
    expect(page.locator(".row.mine.waiting")).to_contain_text("送信待ち")
    expect(page.locator(".notice")).to_contain_text("接続できません")
    page.context.set_offline(False)
    expect(page.locator(".row.mine.waiting")).to_have_count(0, timeout=40_000)
    expect(page.locator(".notice")).to_be_hidden()
    assert bodies() == ["最初", "圏外で書いた"]


def test_a_message_whose_answer_was_lost_is_stored_once(opened):
    page = opened()
    tries: list[str] = []

    def lose_the_first_answer(route: Route) -> None:
        if route.request.method != "POST":
            return route.continue_()
        tries.append(json.loads(route.request.post_data)["client_id"])
        if len(tries) > 1:
            return route.continue_()
        route.fetch()
        return route.abort()

    page.route("**/messages/**", lose_the_first_answer)
    write(page, "一度だけ")
    expect(page.locator(".row.mine:not(.waiting) .mark")).to_have_text("送信済み")
    expect(page.locator(".row.mine")).to_have_count(1)
    assert len(set(tries)) == 1
    assert bodies() == ["一度だけ"]


def test_a_reload_keeps_the_unsent_text_and_what_waits(opened):
    page = opened()
    page.route("**/messages/**", lambda route: route.abort())
    write(page, "待っている")
    expect(page.locator(".row.mine.waiting")).to_contain_text("待っている")
    field(page).fill("書きかけ")
    page.unroute("**/messages/**")
    page.reload()
    expect(field(page)).to_have_value("書きかけ")
    expect(page.locator(".row.mine:not(.waiting)")).to_contain_text("待っている")
    assert bodies() == ["待っている"]


def test_two_tabs_are_one_visitor_and_show_the_same(opened, shop, agent):
    first = opened()
    write(first, "一つ目のタブ")
    expect(first.locator(".row.mine .mark")).to_have_text("送信済み")
    second = first.context.new_page()
    second.goto(shop)
    expect(second.locator(".log")).to_contain_text("一つ目のタブ")
    write(second, "二つ目のタブ")
    expect(first.locator(".log")).to_contain_text("二つ目のタブ")
    conversation = Conversation.objects.get()
    outside(
        lambda: send_reply(
            conversation, member=agent, body="承りました", client_id=uuid4()
        )
    )
    for page in (first, second):
        expect(page.locator(".row.theirs").last).to_contain_text("承りました")
        expect(page.locator(".row.mine")).to_have_count(2)
    assert Visitor.objects.count() == 1


def test_a_file_is_sent_and_its_progress_shown(opened):
    page = opened()
    page.evaluate(
        """() => {
          window.shown = [];
          new MutationObserver(() => {
            const root = document.querySelector("agentdesk-chat").shadowRoot;
            const bar = root.querySelector("progress");
            if (bar) window.shown.push([bar.value, bar.getAttribute("aria-label")]);
          }).observe(document.querySelector("agentdesk-chat").shadowRoot,
                     {childList: true, subtree: true});
        }"""
    )
    file = {
        "name": "注文.txt",
        "mimeType": "text/plain",
        "buffer": "注文 ".encode() * 1000,
    }
    page.locator(".composer input[type=file]").set_input_files(file)
    expect(page.locator(".row.mine .file")).to_contain_text("注文.txt")
    expect(page.locator("progress")).to_have_count(0)
    values = [value for value, _label in page.evaluate("window.shown")]
    assert values[0] == 0
    assert values[-1] == 100
    assert "注文.txt" in page.evaluate("window.shown")[0][1]
    assert Attachment.objects.get().size == 7000
    with page.expect_download() as download:
        page.locator(".row.mine .file").click()
    assert download.value.suggested_filename == "注文.txt"


def test_a_file_of_a_kind_we_do_not_take_is_refused_in_words(opened):
    page = opened()
    file = {"name": "x.exe", "mimeType": "text/plain", "buffer": b"MZ"}
    page.locator(".composer input[type=file]").set_input_files(file)
    expect(page.locator("#composer-problem")).to_contain_text("送信できません")
    assert not Attachment.objects.exists()


def test_the_chat_is_accessible_in_both_themes(opened, agent):
    page = opened("plain/")
    write(page, "見えますか https://example.jp/")
    expect(page.locator(".row.mine .mark")).to_have_text("送信済み")
    conversation = Conversation.objects.get()
    outside(
        lambda: send_reply(
            conversation, member=agent, body="見えます", client_id=uuid4()
        )
    )
    expect(page.locator(".row.theirs").last).to_contain_text("見えます")
    assert look(page) == []  # what it adds may clash with what the shop has
    page.get_by_role("button", name="お電話").click()
    expect(page.locator("output.code")).to_be_visible()
    assert look(page) == []  # what it adds may clash with what the shop has


def test_the_shop_of_the_demo_is_accessible_with_the_chat_open(window, shop, webchat):
    page = window(reduced_motion="reduce").new_page()
    page.goto(f"/demo/{webchat.account.slug}/")
    page.locator(".launcher").click()
    expect(page.locator(".panel")).to_be_visible()
    assert look(page) == []  # what it adds may clash with what the shop has


def test_everything_works_by_keyboard_and_escape_gives_the_focus_back(window, shop):
    page = window().new_page()
    page.goto(shop)
    expect(page.locator(".launcher")).to_be_visible()
    page.locator("#last-link").focus()
    page.keyboard.press("Tab")
    assert page.evaluate(ACTIVE) == "launcher"
    page.keyboard.press("Enter")
    expect(field(page)).to_be_focused()
    page.keyboard.type("キーボードだけで")
    page.keyboard.press("Enter")
    expect(page.locator(".row.mine .mark")).to_have_text("送信済み")
    expect(field(page)).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator(".panel")).to_be_hidden()
    assert page.evaluate(ACTIVE) == "launcher"


def test_a_site_that_is_not_allowed_gets_no_chat(window, shop, webchat):
    webchat.webchat.allowed_origins = ["https://shop.example.jp"]
    webchat.webchat.save()
    page = window().new_page()
    thrown: list[object] = []
    page.on("pageerror", lambda error: thrown.append(error))
    with page.expect_console_message(
        lambda message: "Agentdesk chat" in message.text
    ) as warning:
        page.goto(shop)
    assert warning.value.type == "warning"
    assert page.evaluate("location.origin") in warning.value.text
    assert "/settings/" in warning.value.text
    assert thrown == []
    expect(page.locator("agentdesk-chat")).to_have_count(0)
    assert not Visitor.objects.exists()


def test_markup_is_shown_as_text_in_both_directions(opened, agent):
    page = opened()
    markup = (
        '<img src=x onerror="window.harmed = 1"><b>太字</b><script>harmed=1</script>'
    )
    write(page, markup)
    expect(page.locator(".row.mine .bubble")).to_have_text(markup)
    expect(page.locator(".row.mine .mark")).to_have_text("送信済み")
    conversation = Conversation.objects.get()
    outside(
        lambda: send_reply(conversation, member=agent, body=markup, client_id=uuid4())
    )
    expect(page.locator(".row.theirs .bubble").last).to_have_text(markup)
    expect(page.locator(".bubble b, .bubble img")).to_have_count(0)
    assert page.evaluate("window.harmed") is None
