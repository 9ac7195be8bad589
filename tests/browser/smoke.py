"""The desk and the chat in Firefox and WebKit: `make browsers`. CI has Chromium alone."""

import json
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from django.conf import settings

from conversations.models import Conversation, Message
from conversations.replies.actions.reply import send_reply
from tests.browser.chat import bodies
from tests.browser.conftest import arrive, outside, wait_until_idle
from tests.browser.webdriver import BROWSERS, Tab
from tests.waiting import until

WATCHED = """
window.problems = [];
addEventListener("error", event => problems.push(event.message));
addEventListener("unhandledrejection", event => problems.push(String(event.reason)));
"""
CHAT = "agentdesk-chat >>> "


@pytest.fixture(scope="module", params=BROWSERS, autouse=True)
def driven(request, tmp_path_factory) -> Iterator[Tab]:
    folder: Path = tmp_path_factory.mktemp(request.param)
    driver = BROWSERS[request.param](folder)
    yield Tab(driver)
    driver.close()


@pytest.fixture
def tab(driven: Tab, server: str) -> Iterator[Tab]:
    driven.goto(f"{server}/livez")
    yield driven
    driven.goto("about:blank")
    outside(lambda: wait_until_idle(server))


@pytest.fixture
def desk(tab, server, client_of, admin) -> Tab:
    """A tab in which an admin is signed in."""
    cookie = client_of(admin).cookies[settings.SESSION_COOKIE_NAME].value
    tab.driver.set_cookie(settings.SESSION_COOKIE_NAME, cookie)
    return tab


def test_a_message_is_read_live_and_answered(desk, server, conversation, webchat):
    arrive(conversation, webchat, "在庫はありますか")
    desk.goto(f"{server}/conversations/{conversation.pk}/")
    desk.run(WATCHED)
    desk.read("#thread", "在庫はありますか")
    desk.click("#composer-reply")
    desk.type("ございます。")
    desk.click("[data-send]")
    desk.read("#thread", "ございます。")
    until(lambda: Message.objects.filter(body="ございます。").exists())
    arrive(conversation, webchat, "青い方です")
    desk.read("#thread", "青い方です")
    assert desk.run("return problems") == []


def _send_a_photo(tab: Tab) -> None:
    tab.run(
        f"""
        const canvas = Object.assign(document.createElement("canvas"),
                                     {{width: 900, height: 600}});
        canvas.getContext("2d").fillRect(0, 0, 900, 600);
        const bytes = atob(canvas.toDataURL("image/png").split(",")[1]);
        const data = Uint8Array.from(bytes, letter => letter.charCodeAt(0));
        const chosen = new DataTransfer();
        chosen.items.add(new File([data], "写真.png", {{type: "image/png"}}));
        const picker = find("{CHAT}input[type=file]");
        picker.files = chosen.files;
        picker.dispatchEvent(new Event("change"));
        """
    )
    tab.wait(
        f"find('{CHAT}.picture canvas')?.getContext('2d')"
        ".getImageData(9, 9, 1, 1).data[3] === 255"
    )


def test_the_chat_carries_words_files_and_answers(tab, shop, admin):
    tab.goto(f"{shop}plain/")
    tab.run(WATCHED)
    tab.click(f"{CHAT}.launcher")
    tab.wait(
        f"find('{CHAT}textarea')?.getRootNode().activeElement?.matches('textarea')"
    )
    tab.type("こんにちは")
    tab.press("Enter")
    tab.read(f"{CHAT}.row.mine .mark", "送信済み")
    assert bodies() == ["こんにちは"]
    _send_a_photo(tab)
    conversation = Conversation.objects.get()
    outside(
        lambda: send_reply(
            conversation, member=admin, body="承りました", client_id=uuid4()
        )
    )
    tab.read(f"{CHAT}.log", "承りました")
    tab.press("Escape")
    tab.wait(f"find('{CHAT}.panel').hidden")
    assert tab.run("return problems") == []
    tab.goto(f"{shop}plain/?next")
    tab.click(f"{CHAT}.launcher")
    tab.read(f"{CHAT}.log", "こんにちは")


DAY = "[data-day='6']"


def test_opening_hours_are_added_and_taken_away(desk, server, account):
    desk.goto(f"{server}/settings/{account.slug}/hours/")
    before = desk.run(
        f"return find(`{DAY}`).querySelectorAll('[data-interval]').length"
    )
    desk.click(f"{DAY} [data-add-interval]")
    count = f"find(`{DAY}`).querySelectorAll('[data-interval]').length"
    desk.wait(f"{count} === {before + 1}")
    desk.click(f"{DAY} [data-interval]:last-child [data-remove-interval]")
    desk.wait(f"{count} === {before}")


PAGES = ["general", "webchats", "inboxes", "sending"]


@pytest.mark.parametrize("name", PAGES)
def test_settings_that_fit_do_not_scroll(desk, server, account, name):
    desk.goto(f"{server}/settings/{account.slug}/{name}/")
    over = desk.run(
        "const page = document.scrollingElement;"
        "return [page.scrollHeight - page.clientHeight,"
        "page.scrollWidth - page.clientWidth]"
    )
    assert over == [0, 0]


def test_an_empty_date_looks_empty(desk, server, account):
    desk.goto(f"{server}/settings/{account.slug}/hours/")
    date = "input[type=date]"
    colour = f"getComputedStyle(find('{date}')).color"
    assert desk.run(f"return find('{date}').value") == ""
    desk.wait(f"find('{date}').matches('[data-empty]')")
    empty = desk.run(f"return {colour}")
    desk.run(
        f"find('{date}').value = '2026-12-31'; "
        f"find('{date}').dispatchEvent(new Event('input', {{bubbles: true}}))"
    )
    desk.wait(f"{colour} !== {json.dumps(empty)}")


def test_the_field_a_picker_opens_with_is_underlined(
    desk, server, conversation, webchat
):
    arrive(conversation, webchat, "在庫はありますか")
    desk.goto(f"{server}/conversations/{conversation.pk}/")
    desk.see("#composer-reply")
    until(lambda: _opens(desk, "[data-shortcut=e]", "#picker input"))
    desk.wait("document.activeElement.matches('#picker input')")
    shadow = desk.run(
        "return getComputedStyle(document.activeElement.parentElement).boxShadow"
    )
    assert shadow != "none"


def _opens(desk: Tab, button: str, opened: str) -> bool:
    """A region that reads itself anew in this moment takes the click with it."""
    desk.click(button)
    try:
        desk.see(opened, seconds=3)
    except AssertionError:
        return False
    return True
