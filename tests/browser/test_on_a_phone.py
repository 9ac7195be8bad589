"""390×844, with fingers: the list, a conversation, a reply and a note; and the desk as an app."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from conversations.models import Message
from tests.browser.axe import violations
from tests.browser.conftest import arrive
from tests.browser.sockets import connected
from tests.waiting import until

PHONE: dict[str, Any] = {
    "viewport": {"width": 390, "height": 844},
    "has_touch": True,
    "is_mobile": True,
}
# Of what may be pressed: what is smaller than a finger. The field of a choice is small
# itself, its label is what one presses.
SMALL = """() => [...document.querySelectorAll("a.button, button, .rail a, select, textarea, [role=option]")]
  .filter((one) => one.checkVisibility({ visibilityProperty: true }) && !one.closest(".visually-hidden"))
  .map((one) => [one.getBoundingClientRect(), one])
  .filter(([box]) => box.width > 1 && Math.min(box.width, box.height) < 43.5)
  .map(([box, one]) => `${box.width}x${box.height} ${one.outerHTML.slice(0, 100)}`)"""
ZOOMED = """() => [...document.querySelectorAll("input:not([type=checkbox], [type=radio], [type=hidden]), textarea")]
  .filter((one) => one.checkVisibility() && parseFloat(getComputedStyle(one).fontSize) < 16)
  .map((one) => one.outerHTML.slice(0, 100))"""
BESIDE = "document.documentElement.scrollWidth - window.innerWidth"


def fits(page: Page) -> None:
    assert page.evaluate(SMALL) == []
    assert page.evaluate(ZOOMED) == []
    assert page.evaluate(BESIDE) == 0


@pytest.fixture
def phone(signed_in, agent, conversation, webchat) -> Page:
    arrive(conversation, webchat, "まだ届きません")
    return connected(signed_in(agent, **PHONE), "/desk/", "watching")


def test_from_the_list_to_a_reply_and_a_note_with_fingers(phone: Page, conversation):
    fits(phone)
    phone.locator("#list .entry").tap()
    expect(phone.locator("#thread")).to_contain_text("まだ届きません")
    expect(phone.locator(".rail")).to_be_hidden()
    fits(phone)
    reply = phone.locator("#composer-reply")
    reply.tap()
    phone.keyboard.type("確認いたします")
    phone.locator("button[data-send]").tap()
    expect(phone.locator("#thread")).to_contain_text("送信済み")
    phone.locator(".composer .segmented__item", has_text="社内メモ").tap()
    expect(phone.locator("#composer-note")).to_be_visible()
    phone.locator("#composer-note").tap()
    phone.keyboard.type("倉庫に電話済み")
    expect(phone.locator("#composer-note")).to_have_value("倉庫に電話済み")
    phone.locator("button[data-send]").tap()
    expect(phone.locator("#thread")).to_contain_text("倉庫に電話済み")
    until(lambda: Message.objects.filter(body="倉庫に電話済み").exists())
    fits(phone)
    assert violations(phone) == []
    phone.get_by_role("button", name="顧客を表示").tap()
    expect(phone.locator("#pane-customer")).to_be_visible()
    assert phone.evaluate(BESIDE) == 0
    phone.get_by_role("button", name="会話に戻る").tap()
    phone.get_by_role("button", name="一覧に戻る").tap()
    expect(phone.locator("#list .entry")).to_be_visible()
    expect(phone.locator(".rail")).to_be_visible()


def test_the_composer_is_in_sight_above_the_keyboard(phone: Page):
    phone.locator("#list .entry").tap()
    phone.locator("#composer-reply").tap()
    phone.set_viewport_size({"width": 390, "height": 480})  # the keyboard has come
    expect(phone.locator("#composer-reply")).to_be_in_viewport(ratio=1)
    expect(phone.locator("button[data-send]")).to_be_in_viewport(ratio=1)
    assert phone.locator(".thread-scroll").evaluate("one => one.offsetHeight") > 60


@pytest.mark.parametrize(
    "path", ["/accounts/login/", "/me/", "/settings/kogane/general/"]
)
def test_other_pages_fit_as_well(signed_in, window, admin, path):
    page = window(**PHONE).new_page() if "login" in path else signed_in(admin, **PHONE)
    page.goto(path)
    expect(page.locator("h1")).to_be_visible()
    assert page.evaluate(ZOOMED) == []
    assert page.evaluate(BESIDE) == 0


@pytest.fixture
def app(signed_in, agent, conversation, webchat) -> Callable[..., Page]:
    """The desk with its service worker at work."""

    def opening(**options: Any) -> Page:
        arrive(conversation, webchat, "まだ届きません")
        page = signed_in(agent, service_workers="allow", **options)
        connected(page, f"/conversations/{conversation.pk}/", "watching")
        page.evaluate("navigator.serviceWorker.ready.then(() => true)")
        page.reload()
        page.wait_for_function("navigator.serviceWorker.controller !== null")
        return page

    return opening


def cached(page: Page) -> list[str]:
    """The paths of all that any cache of this browser holds."""
    paths: list[str] = page.evaluate(
        """async () => {
          const all = [];
          for (const name of await caches.keys()) {
            for (const { url } of await (await caches.open(name)).keys()) all.push(new URL(url).pathname);
          }
          return all;
        }"""
    )
    return paths


def is_shell(path: str) -> bool:
    return path.startswith(("/static/agentdesk/", "/offline/"))


def test_the_service_worker_keeps_no_page_and_no_fragment(app):
    page: Page = app()
    page.goto("/customers/")
    page.goto("/me/")
    found = cached(page)
    assert found
    assert [path for path in found if not is_shell(path)] == []


def test_without_a_line_a_page_says_so_and_shows_nobody(app, conversation):
    page: Page = app()
    context: BrowserContext = page.context
    context.set_offline(True)
    page.goto("/customers/")
    expect(page.locator("h1")).to_have_text("接続がありません")
    expect(page.locator("body")).not_to_contain_text(conversation.customer.family_name)
    context.set_offline(False)
    page.locator("main .button").click()
    expect(page.locator("#list .entry")).to_be_visible()


def test_signing_out_leaves_nothing_behind(app):
    page: Page = app()
    assert cached(page)
    page.locator("[popovertarget=user-menu]").click()
    page.locator("#user-menu [data-sign-out] button").click()
    page.wait_for_url("**/accounts/login/**")
    page.wait_for_function("caches.keys().then((names) => names.length === 0)")


def test_the_switch_of_the_profile_says_why_it_cannot(signed_in, agent):
    page = signed_in(agent, service_workers="allow", **PHONE)
    page.add_init_script("delete window.PushManager")
    page.goto("/me/")
    expect(page.locator("[data-push]")).to_be_disabled()
    expect(page.locator("#push-says")).to_contain_text("通知を受け取れません")


def test_on_an_iphone_it_says_that_the_desk_comes_to_the_home_screen_first(
    signed_in, agent
):
    iphone = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1"
    page = signed_in(agent, user_agent=iphone, service_workers="allow", **PHONE)
    page.add_init_script("delete window.PushManager")
    page.goto("/me/")
    expect(page.locator("#push-says")).to_contain_text("ホーム画面に追加")
