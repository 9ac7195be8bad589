"""The chat on pages that make it hard: away for a moment, strict, changing, or in an app."""

import io
from collections.abc import Callable
from html import escape
from uuid import uuid4

import pytest
from PIL import Image
from playwright.sync_api import Page, Route, expect

from conversations.models import Attachment, Conversation, Visitor
from conversations.replies.actions.reply import send_reply
from conversations.webchat.selectors.webchat import content_security_policy, embed_line
from tests.browser.chat import bodies, field, write
from tests.browser.conftest import outside
from tests.waiting import until

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True}
CORS = {"Access-Control-Allow-Origin": "*"}
DRAWN = "canvas => canvas.getContext('2d').getImageData(9, 9, 1, 1).data[3] === 255"


def photo(number: int) -> dict[str, object]:
    content = io.BytesIO()
    Image.new("RGB", (900, 600), (20 * number, 90, 120)).save(content, "JPEG")
    name = f"写真{number:02}.jpg"
    return {"name": name, "mimeType": "image/jpeg", "buffer": content.getvalue()}


def once(answer: Callable[[Route], None]) -> Callable[[Route], None]:
    """Answers the first request so, and lets every other through."""
    seen: list[str] = []

    def answering(route: Route) -> None:
        if seen or route.request.method == "OPTIONS":
            return route.continue_()
        seen.append(route.request.url)
        return answer(route)

    return answering


def away(route: Route) -> None:
    route.fulfill(status=503, headers=CORS, body="<html>busy</html>")


AWAY = {
    "its settings": ("**/config/**", away),
    "its settings, behind a proxy": (
        "**/config/**",
        lambda route: route.fulfill(status=502),
    ),
    "its script": ("**/bundles/chat.js", Route.abort),
    "its session": ("**/session/**", away),
}


@pytest.mark.parametrize(("address", "answer"), AWAY.values(), ids=AWAY.keys())
def test_what_was_away_for_a_moment_is_fetched_again(window, shop, address, answer):
    page = window().new_page()
    page.route(address, once(answer))
    page.goto(shop)
    page.locator(".launcher").click()
    field(page).press_sequentially("届きました")
    expect(page.locator(".notice")).to_be_hidden()
    field(page).press("Enter")
    expect(page.locator(".row.mine .mark")).to_have_text("送信済み")
    assert page.locator(".launcher").evaluate(
        "button => getComputedStyle(button).position"
    ) == ("fixed")


def test_photos_of_one_choice_arrive_in_order_and_go_on_after_a_wait(opened):
    page = opened()
    requested: list[str] = []

    def answer(route: Route) -> None:
        if route.request.method == "OPTIONS":
            return route.continue_()
        requested.append(route.request.url)
        if len(requested) == 3:
            headers = CORS | {
                "Retry-After": "1",
                "Access-Control-Expose-Headers": "Retry-After",
            }
            return route.fulfill(status=429, headers=headers, json={})
        if len(requested) == 6:
            return route.abort()
        return route.continue_()

    page.route("**/files/?*", answer)
    # Fewer than a visitor may send in a minute: the eleventh would wait for the next.
    photos = [photo(number) for number in range(1, 9)]
    page.locator(".composer input[type=file]").set_input_files(photos)
    expect(page.locator(".row.mine .picture")).to_have_count(8)
    expect(page.locator(".row.waiting")).to_have_count(0)
    names = Attachment.objects.order_by("message").values_list("name", flat=True)
    assert list(names) == [one["name"] for one in photos]


def test_a_strict_site_needs_to_allow_our_address_alone(
    window, shop, webchat, server, httpserver
):
    line = embed_line(webchat, server)
    policy = f"default-src 'self'; {content_security_policy(server)}"
    httpserver.expect_request("/strict/").respond_with_data(
        f"<!doctype html><title>x</title><h1>x</h1>{line}",
        content_type="text/html; charset=utf-8",
        headers={"Content-Security-Policy": policy},
    )
    context = window()
    context.add_init_script(
        "window.refused = []; addEventListener('securitypolicyviolation',"
        " event => refused.push(event.effectiveDirective + event.blockedURI))"
    )
    page = context.new_page()
    page.goto(f"{shop}strict/")
    page.locator(".launcher").click()
    write(page, "写真を送ります")
    page.locator(".composer input[type=file]").set_input_files([photo(3)])
    canvas = page.locator(".row.mine .picture canvas")
    expect(canvas).to_be_visible()
    until(lambda: canvas.evaluate(DRAWN))
    box = canvas.bounding_box()
    assert box["width"] / box["height"] == pytest.approx(1.5, abs=0.02)
    with page.expect_download() as download:
        page.locator(".row.mine .picture").click()
    assert download.value.suggested_filename == "写真03.jpg"
    assert page.locator(".panel").bounding_box()["width"] == 384
    assert page.evaluate("refused") == []


VIEWPORT = """() => {
  const view = new EventTarget();
  Object.assign(view, {height: innerHeight, width: innerWidth, offsetTop: 0, scale: 1});
  Object.defineProperty(window, "visualViewport", {value: view});
  window.keyboard = (height, offsetTop) => {
    Object.assign(view, {height, offsetTop});
    view.dispatchEvent(new Event("resize"));
  };
}"""
TABLET = {"viewport": {"width": 820, "height": 1180}, "has_touch": True}


@pytest.mark.parametrize("size", [PHONE, TABLET], ids=["phone", "tablet"])
def test_the_keyboard_of_the_screen_covers_no_message(window, shop, size):
    context = window(**size)
    context.add_init_script(f"({VIEWPORT})()")
    page = context.new_page()
    page.goto(shop)
    page.locator(".launcher").click()
    write(page, "\n".join(["長い話です"] * 60))
    expect(page.locator(".row.mine .mark")).to_have_text("送信済み")
    page.evaluate("keyboard(480, 60)")
    newest = page.locator(".row.mine .under").last
    for shown in (page.locator(".composer"), newest, page.locator(".head")):
        until(lambda shown=shown: _is_between(shown.bounding_box(), 60, 540))
    page.evaluate("keyboard(innerHeight, 0)")
    until(lambda: page.locator(".composer").bounding_box()["y"] > 540)


def _is_between(box, top: int, bottom: int) -> bool:
    return bool(box["y"] >= top and box["y"] + box["height"] <= bottom)


CHANGES = {
    "a new body": "document.body = document.createElement('body')",
    "a morph": "document.documentElement.replaceChildren(document.head, document.body)",
    "a new document": "document.documentElement.replaceWith("
    "document.documentElement.cloneNode(true))",
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
def test_a_page_that_replaces_itself_keeps_the_chat_as_it_was(opened, agent, change):
    page = opened()
    write(page, "\n".join(["長い話です"] * 60))
    expect(page.locator(".row.mine .mark")).to_have_text("送信済み")
    field(page).fill("書きかけ")
    page.evaluate(change)
    expect(page.locator("agentdesk-chat")).to_have_count(1)
    expect(field(page)).to_have_value("書きかけ")
    expect(field(page)).to_be_focused()
    expect(page.locator(".row.mine .under")).to_be_in_viewport()
    conversation = Conversation.objects.get()
    outside(
        lambda: send_reply(
            conversation, member=agent, body="承りました", client_id=uuid4()
        )
    )
    expect(page.locator(".row.theirs").last).to_contain_text("承りました")
    field(page).press("Enter")
    expect(page.locator(".row.mine .mark")).to_have_text("送信済み")
    assert bodies()[-1] == "書きかけ"


def _framed(page: Page, shop: str, line: str) -> None:
    """A page of no site, as an app carries one: it may store nothing either."""
    inner = escape(f"<!doctype html><title>x</title><h1>x</h1>{line}", quote=True)
    page.goto(f"{shop}plain/")
    page.evaluate(
        "markup => { document.body.innerHTML = markup }",
        f'<iframe sandbox="allow-scripts" srcdoc="{inner}" '
        'style="width: 800px; height: 700px"></iframe>',
    )


def test_a_page_within_an_app_carries_the_chat_once_it_may(
    window, shop, webchat, server
):
    page = window().new_page()
    line = embed_line(webchat, server)
    with page.expect_console_message(lambda line: "Agentdesk chat" in line.text):
        _framed(page, shop, line)
    frame = page.frame_locator("iframe")
    expect(frame.locator("agentdesk-chat")).to_have_count(0)
    webchat.webchat.allow_null_origin = True
    webchat.webchat.save()
    webchat.save()
    until(lambda: _appears(page, shop, line))
    frame.locator(".launcher").click()
    for text in ("アプリから", "もう一つ"):
        frame.locator(".composer textarea").fill(text)
        frame.locator(".composer textarea").press("Enter")
    expect(frame.locator(".row.mine:not(.waiting)")).to_have_count(2)
    expect(frame.locator(".row.waiting")).to_have_count(0)
    assert bodies() == ["アプリから", "もう一つ"]


def _appears(page: Page, shop: str, line: str) -> bool:
    with page.expect_response("**/config/**") as captured:
        _framed(page, shop, line)
    return captured.value.ok


def test_who_thinks_before_writing_is_still_seen_on_their_page(window, shop):
    page = window().new_page()
    page.clock.install()
    page.goto(f"{shop}plain/?item=42")
    page.locator(".launcher").click()
    expect(field(page)).to_be_focused()
    page.clock.fast_forward(40_000)
    write(page, "これは在庫がありますか")
    expect(page.locator(".row.mine .mark")).to_have_text("送信済み")
    address = f"{shop}plain/?item=42"
    until(lambda: Visitor.objects.get().page_url == address)
    page.evaluate("history.pushState(null, '', '?item=43')")
    Visitor.objects.update(last_seen_at="2026-01-01T00:00:00Z")
    until(lambda: _is_noted(page, f"{shop}plain/?item=43"))


def _is_noted(page: Page, address: str) -> bool:
    page.clock.run_for(5_000)
    return Visitor.objects.get().page_url == address
