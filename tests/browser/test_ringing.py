"""What rings lies over the page: nothing moves under the hand that writes, and a key answers."""

import pytest
from playwright.sync_api import Page, expect

from conversations.calls.actions.call import start_call
from conversations.choices import CallState
from conversations.models import Call, FollowUp
from tests.browser.conftest import outside
from tests.browser.sockets import connected
from tests.conversations.phone import Pbx, phone_inbox_of
from tests.factories.customers import IdentityFactory

SIZES = [{"width": 1366, "height": 768}, {"width": 1920, "height": 1080}]
_WATCH = """() => {
    window.seen = [];
    window.shifts = new PerformanceObserver((list) => window.seen.push(...list.getEntries()));
    window.shifts.observe({ type: "layout-shift" });
}"""
_TWO_FRAMES = """() => new Promise((done) => requestAnimationFrame(() =>
    requestAnimationFrame(done)))"""
# A row of the list says another thing in the place of its time: nothing moves by that.
_SHIFTS = """() => [...window.seen, ...window.shifts.takeRecords()]
    .filter(({ sources }) => !sources.every(({ node }) => node?.closest?.(".entry__end")))
    .map(({ value, sources }) => [value, sources.map(({ node }) => node?.outerHTML?.slice(0, 240))])"""


@pytest.fixture
def agent(agent, queue):
    agent.extension = "201"
    agent.save(update_fields=["extension"])
    return agent


@pytest.fixture
def pbx(account, queue):
    return Pbx(phone_inbox_of(account, queue))


@pytest.fixture
def known(conversation):
    """Their call comes while their conversation is on the screen."""
    IdentityFactory(customer=conversation.customer, value="+81312345678")
    return conversation


def watch(page: Page) -> None:
    page.wait_for_load_state("networkidle")
    page.evaluate(_TWO_FRAMES)
    page.evaluate(_WATCH)


def shifts(page: Page) -> list[object]:
    page.evaluate(_TWO_FRAMES)
    return list(page.evaluate(_SHIFTS))


def boxes(page: Page, *selectors: str) -> list[object]:
    return [page.locator(one).first.bounding_box() for one in selectors]


PANES = ("#main", "#list", "#workspace", "#composer textarea:visible")


@pytest.mark.parametrize("viewport", SIZES)
def test_nothing_moves_when_it_rings(signed_in, agent, known, pbx, viewport):
    page = connected(signed_in(agent, viewport=viewport), f"/conversations/{known.pk}/")
    watch(page)
    before = boxes(page, *PANES)
    outside(pbx.ring)
    expect(page.locator(".ring__facts")).to_be_visible()
    assert shifts(page) == []
    assert boxes(page, *PANES) == before


def test_nothing_moves_when_the_handset_is_lifted_and_put_down(
    signed_in, agent, known, pbx
):
    page = connected(signed_in(agent), f"/conversations/{known.pk}/")
    before = boxes(page, *PANES)
    outside(lambda: pbx.ring("lifted"))
    expect(page.locator("[data-ring]")).to_be_visible()
    outside(lambda: pbx.post_event("answered", "lifted"))
    expect(page.locator("#call-notes")).to_be_visible()
    lines = boxes(page, ".call-lines", "#call-head")
    outside(lambda: pbx.post_event("ended", "lifted"))
    expect(page.locator("#call-wrap-up")).to_be_visible()
    assert boxes(page, *PANES) == before
    assert boxes(page, ".call-lines", "#call-head") == lines


def test_a_call_that_began_by_itself_has_its_place_with_the_next_page(
    signed_in, agent, known, pbx
):
    page = connected(signed_in(agent), "/calls/")
    outside(lambda: pbx.ring("lifted"))
    outside(lambda: pbx.post_event("answered", "lifted"))
    expect(page.locator("#call-notes")).to_be_visible()
    assert page.locator(".strip").bounding_box()["height"] == 0
    page.reload()
    expect(page.locator("#call-notes")).to_be_visible()
    assert page.locator(".strip").bounding_box()["height"] > 0


def test_the_notes_keep_their_place_from_the_talk_to_the_wrap_up(
    signed_in, agent, known
):
    outside(lambda: start_call(agent, customer=known.customer))
    page = connected(signed_in(agent), f"/conversations/{known.pk}/")
    page.keyboard.type("丈の相談")
    page.keyboard.press("Escape")
    watch(page)
    before = boxes(page, ".call-lines", "#call-line-next", *PANES)
    page.keyboard.press("q")
    expect(page.locator("#call-wrap-up")).to_be_visible()
    assert boxes(page, ".call-lines", "#call-line-next", *PANES) == before
    assert shifts(page) == []


def test_a_key_answers_in_the_midst_of_writing_and_what_was_written_stays(
    signed_in, agent, known, pbx
):
    page = connected(signed_in(agent), f"/conversations/{known.pk}/")
    page.locator("#composer textarea:visible").first.click()
    page.keyboard.type("お調べして")
    call = outside(pbx.ring)
    expect(page.locator("[data-ring]")).to_be_visible()
    page.keyboard.type("y")  # a letter like any other
    with page.expect_navigation():
        page.keyboard.press("Alt+y")
    expect(page.locator("#call-head")).to_have_attribute("data-state", "talking")
    expect(page.locator("#composer textarea:visible").first).to_have_value(
        "お調べしてy"
    )
    call.refresh_from_db()
    assert call.state == CallState.TALKING


@pytest.mark.parametrize("composing", [{"isComposing": True}, {"keyCode": 229}])
def test_while_an_ime_composes_the_key_is_the_imes(
    signed_in, agent, known, pbx, composing
):
    page = connected(signed_in(agent), f"/conversations/{known.pk}/")
    field = page.locator("#composer textarea:visible").first
    field.click()
    outside(pbx.ring)
    expect(page.locator("[data-ring]")).to_be_visible()
    keys = {
        "key": "y",
        "code": "KeyY",
        "altKey": True,
        "bubbles": True,
        "cancelable": True,
    }
    is_left = field.evaluate(
        "(field, keys) => field.dispatchEvent(new KeyboardEvent('keydown', keys))",
        keys | composing,
    )
    assert is_left
    assert Call.objects.get().state == CallState.RINGING


def test_a_key_lets_it_go_in_the_midst_of_writing(signed_in, agent, known, pbx):
    page = connected(signed_in(agent), f"/conversations/{known.pk}/")
    page.locator("#composer textarea:visible").first.click()
    outside(pbx.ring)
    expect(page.locator("[data-ring]")).to_be_visible()
    page.keyboard.press("Alt+x")
    expect(page.locator("[data-ring]")).to_be_hidden()
    expect(page.locator("#composer textarea:visible").first).to_be_focused()


def test_two_windows_write_different_lines_of_one_call(signed_in, agent, known):
    outside(lambda: start_call(agent, customer=known.customer))
    left = connected(signed_in(agent), "/calls/")
    right = connected(signed_in(agent), "/calls/")
    for page in (left, right):
        page.route("**/draft/", lambda route: route.abort())
    left.locator("#call-line-request").fill("左の用件")
    right.locator("#call-line-answer").fill("右の回答")
    for page, line in ((left, "request"), (right, "answer")):
        page.unroute("**/draft/")
        page.locator(f"#call-line-{line}").press("End")
        page.keyboard.type("。")
    for page in (left, right):
        expect(page.locator("#call-line-request")).to_have_value("左の用件。")
        expect(page.locator("#call-line-answer")).to_have_value("右の回答。")


def test_a_promise_is_done_by_one_click_and_every_window_sees_it(
    signed_in, agent, known
):
    outside(lambda: start_call(agent, customer=known.customer))
    page = connected(signed_in(agent), f"/conversations/{known.pk}/")
    page.locator("#call-line-next").fill("在庫を電話で伝える")
    page.locator("#call-head [data-shortcut=q]").click()
    expect(page.locator("#call-wrap-up")).to_be_visible()
    page.locator("#call-wrap-up input[value=call_back]").check(force=True)
    page.locator("[data-due]:visible").first.click()
    page.locator("#call-wrap-up [type=submit]").click()
    card = page.locator(".promise")
    expect(card).to_have_attribute("data-state", "open")
    expect(card).to_contain_text("在庫を電話で伝える")
    other = connected(signed_in(agent), f"/conversations/{known.pk}/")
    card.get_by_role("button").click()
    expect(card).to_have_attribute("data-state", "done")
    expect(other.locator(".promise")).to_have_attribute("data-state", "done")
    assert FollowUp.objects.get().done_at
