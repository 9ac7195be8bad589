"""The chat where the browser stores nothing, something wrong, or for two tabs at once."""

import json
import re
import time

import pytest
from playwright.sync_api import Page, Route, expect

from agentdesk import crypto as credentials
from conversations.adapters.webchat.identity import sign_identity
from conversations.models import Attachment, Visitor
from conversations.webchat.selectors.webchat import embed_line
from tests.browser.chat import BLOCK, FILL, PAGE, bodies, field, write
from tests.waiting import until

LOCKS = {
    "named": "Object.defineProperty(navigator, 'locks', {get: refuse});",
    "asked": "navigator.locks.request = async () => refuse();",
    "without TLS": "Object.defineProperty(navigator, 'locks', {value: undefined});",
}
# Types and sends `count` messages, one every `every` milliseconds.
WRITE = """([name, count, every]) => {
  const root = document.querySelector("agentdesk-chat").shadowRoot;
  const input = root.querySelector(".composer textarea");
  let number = 0;
  const timer = setInterval(() => {
    input.value = `${name}-${number += 1}`;
    input.dispatchEvent(new Event("input"));
    root.querySelector(".composer").requestSubmit();
    if (number === count) clearInterval(timer);
  }, every);
}"""


def _sent(page: Page, count: int) -> None:
    expect(page.locator(".row.mine:not(.waiting)")).to_have_count(count)
    expect(page.locator(".row.waiting")).to_have_count(0)


@pytest.mark.parametrize("full", [["localStorage"], ["localStorage", "sessionStorage"]])
def test_a_shop_that_has_filled_the_storage_still_has_a_chat(opened, shop, full):
    page = opened()
    for place in full:
        page.evaluate(FILL, place)
    write(page, "保存領域がいっぱいです")
    _sent(page, 1)
    write(page, "二通目")
    _sent(page, 2)
    expect(field(page)).to_have_value("")
    assert bodies() == ["保存領域がいっぱいです", "二通目"]


def test_a_full_storage_keeps_nobody_from_coming_back_in_this_tab(window, shop):
    page = window().new_page()
    page.goto(f"{shop}plain/")
    page.evaluate(FILL, "localStorage")
    page.goto(shop)
    page.locator(".launcher").click()
    write(page, "別のページへ移ります")
    _sent(page, 1)
    page.goto(f"{shop}plain/")
    expect(page.locator(".panel")).to_be_visible()
    expect(page.locator(".row.mine")).to_contain_text("別のページへ移ります")
    assert Visitor.objects.count() == 1


@pytest.mark.parametrize("locks", LOCKS.values(), ids=LOCKS.keys())
def test_with_site_data_blocked_the_chat_works_as_long_as_its_page(window, shop, locks):
    context = window()
    context.add_init_script(BLOCK + locks)
    page = context.new_page()
    problems: list[object] = []
    page.on("pageerror", lambda error: problems.append(error))
    page.goto(shop)
    page.locator(".launcher").click()
    write(page, "一通目")
    write(page, "二通目")
    _sent(page, 2)
    assert bodies() == ["一通目", "二通目"]
    assert problems == []


WRONG = ["{", "null", "[5]", '"あ"', "1e999"]


@pytest.mark.parametrize("wrong", WRONG)
def test_a_value_of_the_wrong_shape_is_discarded(window, shop, webchat, wrong):
    page = window().new_page()
    page.goto(f"{shop}plain/")
    names = ["token", "draft", "open", "read", "outbox", "out:1", "out:"]
    for name in names:
        page.evaluate(
            "([key, value]) => localStorage.setItem(key, value)",
            [f"agentdesk:{webchat.key}:{name}", wrong],
        )
    problems: list[object] = []
    page.on("pageerror", lambda error: problems.append(error))
    page.goto(shop)
    page.locator(".launcher").click()
    write(page, "動いています")
    _sent(page, 1)
    page.reload()
    expect(page.locator(".row.mine")).to_contain_text("動いています")
    assert bodies() == ["動いています"]
    assert problems == []


def test_a_message_of_the_wrong_shape_holds_up_none_of_the_others(opened, webchat):
    page = opened()
    page.route("**/messages/**", lambda route: route.abort())
    write(page, "待っている")
    expect(page.locator(".row.mine.waiting")).to_be_visible()
    page.evaluate(
        "([key, value]) => localStorage.setItem(key, value)",
        [f"agentdesk:{webchat.key}:out:x", json.dumps({"client_id": "y", "body": 5})],
    )
    page.unroute("**/messages/**")
    page.reload()
    _sent(page, 1)
    assert bodies() == ["待っている"]
    left = page.evaluate("Object.keys(localStorage)")
    assert [key for key in left if ":out:" in key] == []


def test_two_tabs_that_write_at_once_lose_and_double_nothing(opened, shop):
    first = opened()
    second = first.context.new_page()
    second.goto(shop)
    expect(field(second)).to_be_visible()
    for page, name in ((first, "a"), (second, "b")):
        page.evaluate(WRITE, [name, 14, 20])
    until(lambda: len(bodies()) >= 28, why=lambda: str(bodies()))
    for page in (first, second):
        _sent(page, 28)
        shown = page.locator(".row.mine .bubble").all_inner_texts()
        assert shown == bodies()
    for name in ("a", "b"):
        own = [body for body in bodies() if body.startswith(name)]
        assert own == [f"{name}-{number}" for number in range(1, 15)]
    assert Visitor.objects.count() == 1


def test_what_two_tabs_wrote_without_a_line_is_sent_in_the_order_of_writing(
    opened, shop
):
    first = opened()
    second = first.context.new_page()
    second.goto(shop)
    expect(field(second)).to_be_visible()
    first.context.set_offline(True)
    written = []
    for number in range(4):
        page = (first, second)[number % 2]
        write(page, f"{number}通目")
        written.append(f"{number}通目")
        for tab in (first, second):
            expect(tab.locator(".row.waiting")).to_have_count(number + 1)
    first.context.set_offline(False)
    for tab in (first, second):
        _sent(tab, 4)
    assert bodies() == written


def test_a_tab_that_is_closed_leaves_its_messages_to_the_other(opened, shop):
    first = opened()
    second = first.context.new_page()
    second.goto(shop)
    expect(field(second)).to_be_visible()
    first.context.set_offline(True)
    write(first, "閉じる前に")
    expect(second.locator(".row.waiting")).to_have_count(1)
    first.close()
    second.context.set_offline(False)
    _sent(second, 1)
    assert bodies() == ["閉じる前に"]


@pytest.fixture
def member(window, shop, webchat, server, httpserver) -> Page:
    """A customer whom the shop vouches for, and who is writing in the chat."""
    webchat.webchat.identity_secret = credentials.seal("s" * 40)
    webchat.webchat.save()
    webchat.save()
    now = int(time.time())
    claims = {"sub": "S-1", "name": "山田 太郎", "iat": now, "exp": now + 600}
    signed = embed_line(webchat, server).replace(
        " async", f' data-identity="{sign_identity(claims, "s" * 40)}" async'
    )
    httpserver.expect_request("/member/").respond_with_data(
        PAGE.format(styles="", script=signed),
        content_type="text/html; charset=utf-8",
    )
    page = window().new_page()
    page.goto(f"{shop}member/")
    page.locator(".launcher").click()
    write(page, "私の住所は…")
    _sent(page, 1)
    field(page).fill("書きかけの住所")
    return page


def _guest(member: Page, shop: str, left: int = 0) -> Page:
    """The same browser after the sign-out, on another page of the shop.

    `left` is how many rows the member's own page goes on to show.
    """
    page = member.context.new_page()
    page.goto(f"{shop}plain/")
    expect(field(page)).to_be_visible()
    expect(field(page)).to_have_value("")
    expect(page.locator(".row.mine")).to_have_count(0)
    expect(member.locator(".row.mine")).to_have_count(left)
    return page


def test_signing_out_in_one_tab_takes_the_thread_out_of_the_other(member, shop):
    guest = _guest(member, shop)
    expect(field(member)).to_be_focused()
    expect(field(member)).to_have_value("")
    write(guest, "ゲストです")
    _sent(guest, 1)
    expect(member.locator(".row.mine")).to_have_text(re.compile("^.*ゲストです"))
    expect(member.locator(".log")).not_to_contain_text("私の住所は…")
    assert Visitor.objects.filter(signed_out_at__isnull=False).count() == 1


def test_a_late_refusal_of_the_person_before_is_not_one_of_the_next(member, shop):
    held: list[Route] = []
    member.route("**/messages/?*", lambda route: held.append(route), times=1)
    with member.expect_request("**/messages/?*"):
        member.evaluate("dispatchEvent(new Event('online'))")
    guest = _guest(member, shop)
    begun: list[str] = []
    member.on("request", lambda one: begun.append(one.url))
    with member.expect_response(lambda one: one.status == 401):
        held[0].continue_()
    write(guest, "ゲストです")
    expect(member.locator(".row.mine:not(.waiting)")).to_have_count(1)
    _sent(guest, 1)
    assert not [url for url in begun if "/session/" in url]


def test_what_was_read_for_the_person_before_is_not_shown_to_the_next(member, shop):
    held: list[Route] = []
    member.route("**/messages/?*", lambda route: held.append(route), times=1)
    with member.expect_request("**/messages/?*") as captured:
        member.evaluate("dispatchEvent(new Event('online'))")
    page = member.request.get(
        captured.value.url.replace("after=", "not="), headers=captured.value.headers
    )
    assert "私の住所は" in page.text()
    guest = _guest(member, shop)
    with member.expect_response(lambda one: "/messages/" in one.url):
        held[0].fulfill(response=page)
    write(guest, "ゲストです")
    expect(member.locator(".row.mine:not(.waiting)")).to_have_count(1)
    expect(member.locator(".log")).not_to_contain_text("私の住所は…")


def test_a_file_on_its_way_at_the_sign_out_does_not_go_as_the_next_person(member, shop):
    held: list[Route] = []
    member.route("**/files/?*", lambda route: held.append(route), times=1)
    with member.expect_request("**/files/?*"):
        member.locator("input[type=file]").set_input_files(
            {"name": "住所.txt", "mimeType": "text/plain", "buffer": b"address"}
        )
    guest = _guest(member, shop, left=1)
    with member.expect_response(lambda one: one.status == 401):
        held[0].continue_()
    expect(member.locator(".row .failure")).to_have_count(1)
    write(guest, "ゲストです")
    _sent(guest, 1)
    expect(guest.locator(".file")).to_have_count(0)
    assert not Attachment.objects.exists()
