"""`?` on a screen: its keys and its words, searched by typing, left by Esc; and the first day."""

from playwright.sync_api import expect

from tests.browser.axe import look
from tests.browser.sockets import connected


def test_the_help_is_searched_in_keys_and_words_and_left_by_esc(
    signed_in, agent, conversation
):
    page = connected(signed_in(agent), f"/conversations/{conversation.pk}/")
    page.keyboard.press("?")
    help_ = page.locator("#shortcuts")
    expect(help_.locator("#help-search")).to_be_focused()
    expect(help_).to_contain_text("受付番号")
    expect(help_).to_contain_text("Alt")
    assert look(page) == []
    page.keyboard.type("ウケツケ")
    expect(help_.locator("[data-help-none]")).to_be_visible()
    help_.locator("#help-search").fill("受付番号")
    expect(help_.locator("[data-help-row]:visible")).to_have_count(1)
    help_.locator("#help-search").fill("着信")
    expect(help_.locator("[data-shortcut-list] > li:visible")).to_have_count(2)
    page.keyboard.press("Escape")
    expect(help_).to_be_hidden()
    page.keyboard.press("?")
    expect(help_.locator("[data-help-row]:visible").first).to_be_visible()


def test_the_words_of_another_screen_come_with_it(signed_in, agent, conversation):
    page = connected(signed_in(agent), "/calls/")
    page.get_by_role("button", name="ヘルプ").click()
    expect(page.locator(".help-words")).to_contain_text("後処理")


def test_the_first_day_is_put_away_and_comes_back_from_the_help(
    signed_in, agent, conversation
):
    page = connected(signed_in(agent), "/desk/")
    list_ = page.locator(".desk .first-day")
    expect(list_).to_be_visible()
    assert look(page) == []
    with page.expect_response("**/preferences/"):
        list_.locator("[data-put-away]").click()
    expect(list_).to_have_count(0)
    page.reload()
    expect(page.locator("#conversation .empty")).to_be_visible()
    expect(list_).to_have_count(0)
    page.keyboard.press("?")
    with page.expect_response("**/preferences/"):
        page.locator("#shortcuts [data-bring-back]").click()
    page.reload()
    expect(list_).to_be_visible()
