"""Calls in a real browser: by keyboard, live, and never losing a word of the notes."""

import pytest
from playwright.sync_api import Page, expect

from conversations.calls.actions.call import start_call
from conversations.choices import CallState, MessageKind
from conversations.models import Call, Message
from tests.browser.axe import look
from tests.browser.conftest import outside
from tests.browser.sockets import connected
from tests.conversations.phone import Pbx, phone_inbox_of
from tests.factories.conversations import ContactReasonFactory
from tests.factories.customers import CustomerFactory


@pytest.fixture
def agent(agent, queue):
    agent.extension = "201"
    agent.save(update_fields=["extension"])
    return agent


@pytest.fixture
def pbx(account, queue):
    return Pbx(phone_inbox_of(account, queue))


def options(page: Page):
    return page.locator("#call-results [role=option]")


def test_a_call_runs_by_keyboard_from_typing_to_its_note(
    signed_in, agent, caller, account
):
    ContactReasonFactory(account=account)
    page = connected(signed_in(agent), "/calls/")
    page.keyboard.press("/")
    page.keyboard.type("0312")
    expect(options(page)).to_have_count(1)
    expect(page.locator("#call-query")).to_have_attribute(
        "aria-activedescendant", f"call-option-{caller.pk}"
    )
    page.keyboard.press("Enter")
    page.wait_for_url("**/conversations/*/")
    expect(page.locator("#call-head")).to_contain_text("03-1234-5678")
    expect(page.locator("#call-line-request")).to_be_focused()
    page.keyboard.type("eqn 丈の相談")
    expect(page.locator(".call-lines__state")).not_to_be_empty()
    expect(page.locator("dialog[open]")).to_have_count(0)
    page.keyboard.press("Escape")
    page.keyboard.press("q")
    expect(page.locator("#call-wrap-up input[value=resolved]")).to_be_focused()
    page.keyboard.press("Space")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#call-notes")).to_have_count(0)
    expect(page.locator(".phone-note")).to_contain_text("丈の相談")
    assert Message.objects.filter(kind=MessageKind.PHONE_NOTE).count() == 1


def test_enter_while_an_ime_composes_starts_nothing(signed_in, agent, caller):
    page = connected(signed_in(agent), "/calls/")
    page.keyboard.press("/")
    page.keyboard.type("山田")
    expect(options(page)).to_have_count(1)
    page.locator("#call-query").evaluate(
        """field => field.dispatchEvent(new KeyboardEvent("keydown",
           {key: "Enter", keyCode: 229, isComposing: true, bubbles: true}))"""
    )
    expect(page.locator("#call-head")).not_to_have_attribute("data-call", "1")
    assert not Call.objects.exists()


def test_enter_on_a_name_opens_that_person_and_begins_no_call(
    signed_in, agent, conversation, queue
):
    page = connected(signed_in(agent), "/calls/")
    for keys, begins in (("Enter", False), ("Control+Enter", True)):
        page.keyboard.press("/")
        page.keyboard.type("山田")
        expect(options(page)).to_have_count(1)
        page.keyboard.press(keys)
        page.wait_for_url("**/conversations/*/")
        expect(page.locator("#workspace")).to_contain_text("山田 太郎")
        assert Call.objects.exists() is begins
        page.goto("/calls/")


def test_words_of_an_earlier_search_begin_nothing_by_themselves(
    signed_in, agent, caller
):
    page = connected(signed_in(agent), "/calls/")
    page.locator("#call-query").fill("0312")
    expect(options(page)).to_have_count(1)
    page.keyboard.press("Escape")
    page.locator("h1").first.click()
    page.keyboard.press("/")
    page.keyboard.press("Enter")
    expect(options(page)).to_have_count(1)
    assert not Call.objects.exists()
    page.keyboard.press("Enter")
    page.wait_for_url("**/conversations/*/")
    assert Call.objects.exists()


def test_an_answer_that_was_overtaken_is_never_shown(signed_in, agent, caller):
    page = connected(signed_in(agent), "/calls/")
    CustomerFactory(account=caller.account, family_name="前田", given_name="光")
    page.keyboard.press("/")
    for typed in ("山", "山田", "前", "前田"):
        page.locator("#call-query").fill(typed)
    expect(options(page)).to_have_count(1)
    expect(options(page)).to_contain_text("前田 光")


def test_a_ringing_call_pops_and_is_taken_by_a_key(signed_in, agent, caller, pbx):
    page = connected(signed_in(agent), "/calls/")
    call = outside(pbx.ring)
    expect(page.locator("[data-ring]")).to_contain_text("山田 太郎")
    page.keyboard.press("y")
    page.wait_for_url("**/conversations/*/")
    expect(page.locator("#call-head")).to_have_attribute("data-state", "talking")
    call.refresh_from_db()
    assert call.state == CallState.TALKING


def test_a_call_of_everybody_stops_ringing_where_another_took_it(
    signed_in, agent, supervisor, caller, pbx
):
    first, second = (
        connected(signed_in(agent), "/calls/"),
        connected(signed_in(supervisor), "/calls/"),
    )
    outside(lambda: pbx.ring(to="0355501000"))
    expect(first.locator("[data-ring]")).to_be_visible()
    expect(second.locator("[data-ring]")).to_be_visible()
    first.locator("[data-ring] [data-shortcut=y]").click()
    expect(second.locator("[data-ring]")).to_have_count(0)


def test_an_ignored_ring_stays_away(signed_in, agent, caller, pbx):
    page = connected(signed_in(agent), "/calls/")
    outside(pbx.ring)
    expect(page.locator("[data-ring]")).to_be_visible()
    page.keyboard.press("Alt+x")
    expect(page.locator("[data-ring]")).to_be_hidden()
    page.reload()
    expect(page.locator("[data-ring]")).to_be_hidden()


def test_the_notes_survive_a_reload_before_they_were_saved(signed_in, agent, caller):
    outside(lambda: start_call(agent, customer=caller))
    page = connected(signed_in(agent), "/calls/")
    page.route("**/draft/", lambda route: route.abort())
    page.locator("#call-line-request").fill("まだ保存されていない")
    page.reload()
    expect(page.locator("#call-line-request")).to_have_value("まだ保存されていない")
    page.unroute("**/draft/")
    with page.expect_response("**/draft/"):
        page.locator("#call-line-request").press("End")
        page.keyboard.type("。")
    call = Call.objects.get()
    assert call.notes.request.startswith("まだ保存されていない")


def test_two_windows_keep_the_words_of_both(signed_in, agent, caller):
    outside(lambda: start_call(agent, customer=caller))
    left = connected(signed_in(agent), "/calls/")
    right = connected(signed_in(agent), "/calls/")
    for page in (left, right):
        page.route("**/draft/", lambda route: route.abort())
    left.locator("#call-line-request").fill("左の窓")
    right.locator("#call-line-request").fill("右の窓")
    for page in (left, right):
        page.unroute("**/draft/")
        page.locator("#call-line-request").press("End")
        page.keyboard.type("。")
        expect(page.locator(".call-lines__state")).not_to_be_empty()
    notes = right.locator("#call-line-request")
    expect(notes).to_have_value("左の窓。\n右の窓。")
    expect(left.locator("#call-line-request")).to_have_value("左の窓。\n右の窓。")


def test_the_notes_are_never_replaced_while_the_call_changes(signed_in, agent, caller):
    outside(lambda: start_call(agent, customer=caller))
    page = connected(signed_in(agent), "/calls/")
    notes = page.locator("#call-line-request")
    notes.evaluate("field => { field.mark = 'mine' }")
    notes.focus()
    page.keyboard.type("あ")
    page.locator("#call-head [data-shortcut=p]").click()
    expect(page.locator("#call-head")).to_have_attribute("data-state", "held")
    assert notes.evaluate("field => field.mark") == "mine"


def test_strip_and_call_box_are_accessible_and_fit(signed_in, agent, caller, pbx):
    call = outside(lambda: start_call(agent, customer=caller, number="0312345678"))
    outside(lambda: pbx.ring(**{"from": "0399990000"}))
    page = connected(signed_in(agent), "/calls/")
    page.keyboard.press("Escape")  # out of the notes of the new call
    page.keyboard.press("/")
    page.keyboard.type("482915")
    expect(options(page)).not_to_have_count(0)
    page.locator("#call-head [data-shortcut=q]").click()
    expect(page.locator("#call-wrap-up")).to_be_visible()
    assert call.pk
    assert look(page) == []


def test_the_description_of_the_api_runs_under_our_policy(window, server):
    page = window().new_page()
    broken: list[str] = []
    page.on("console", lambda message: broken.append(message.text))
    page.goto(f"{server}/api/v1/docs")
    expect(page.locator(".swagger-ui")).to_contain_text("/api/v1/calls/events")
    assert not [text for text in broken if "Content Security Policy" in text]
