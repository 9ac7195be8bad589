"""The wrap-up of a call in a real browser: small, by keyboard, and clear about what is wrong."""

import re
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import APIResponse, Page, Route, expect

from conversations.calls.actions.call import end_call, start_call
from conversations.models import Call, FollowUp
from tests.browser.conftest import outside
from tests.browser.sockets import connected
from tests.factories.conversations import ContactReasonFactory
from tests.waiting import until

# A Saturday, 19:30 in Tokyo, where the browser itself is somewhere else
SATURDAY_EVENING = datetime(2030, 6, 1, 19, 30, tzinfo=ZoneInfo("Asia/Tokyo"))


@pytest.fixture
def running(agent, caller, queue) -> Call:
    return outside(lambda: start_call(agent, customer=caller, number="0312345678"))


@pytest.fixture
def ended(agent, running) -> Call:
    return outside(lambda: end_call(running, member=agent))


def height_of_the_strip(page: Page) -> float:
    box = page.locator(".strip").bounding_box()
    assert box
    return box["height"]


@pytest.mark.parametrize("language", ["ja", "en"])
def test_the_strip_leaves_the_screen_to_the_conversation(
    signed_in, agent, running, language
):
    agent.user.language = language
    agent.user.save(update_fields=["language"])
    page = signed_in(agent)
    page.goto("/calls/")
    page.locator("#call-line-request").fill("一行\n" * 12)
    assert height_of_the_strip(page) <= 96
    page.locator("#call-head [data-shortcut=q]").click()
    expect(page.locator("#call-wrap-up")).to_be_visible()
    assert height_of_the_strip(page) <= 160


def test_a_refused_wrap_up_goes_to_the_first_wrong_field(signed_in, agent, ended):
    page = signed_in(agent)
    page.goto("/calls/")
    page.locator("#call-line-request").focus()
    page.keyboard.press("Control+Enter")
    outcome = page.locator("#call-wrap-up [role=radiogroup]")
    expect(page.locator("#call-wrap-up input[value=resolved]")).to_be_focused()
    expect(outcome).to_have_attribute("aria-invalid", "true")
    expect(page.locator("#call-wrap-up [role=alert]")).to_be_visible()
    page.locator("#call-wrap-up input[value=call_back]").check(force=True)
    page.keyboard.press("Control+Enter")
    due = page.locator("#call-follow-up-at")
    expect(due).to_be_focused()
    expect(due).to_have_accessible_description("期限を入力してください。")


def test_a_follow_up_is_due_at_a_usual_time_by_keyboard(
    signed_in, agent, caller, ended
):
    page = signed_in(agent, timezone_id="America/New_York")
    page.clock.set_fixed_time(SATURDAY_EVENING)
    page.goto("/calls/")
    found = {}
    for button in page.locator("[data-due]:visible").all():
        button.press("Enter")
        found[button.inner_text()] = page.locator("#call-follow-up-at").input_value()
    assert found == {
        "1時間後": "2030-06-01T20:30",
        "明日 10:00": "2030-06-02T10:00",
        "来週月曜 10:00": "2030-06-03T10:00",
    }
    page.locator("#call-follow-up").fill("在庫の連絡")
    page.locator("#call-wrap-up input[value=call_back]").check(force=True)
    page.keyboard.press("Control+Enter")
    expect(page.locator("#call-notes")).to_have_count(0)
    due = FollowUp.objects.get().due_at.astimezone(ZoneInfo("Asia/Tokyo"))
    assert (due.date().isoformat(), due.hour) == ("2030-06-03", 10)


def test_after_the_wrap_up_the_focus_is_in_the_page_and_keys_act(
    signed_in, agent, ended
):
    page = signed_in(agent)
    page.goto(f"/conversations/{ended.conversation_id}/")
    page.locator("#call-wrap-up input[value=resolved]").focus()
    page.keyboard.press("Space")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#call-notes")).to_have_count(0)
    expect(page.locator("[data-focus-home]")).to_be_focused()
    page.keyboard.press("?")
    expect(page.locator("#shortcuts")).to_be_visible()


def test_what_was_chosen_survives_a_reload_at_once(signed_in, agent, caller, ended):
    """Even before the server has it."""
    reason = ContactReasonFactory(account=caller.account, name="返品")
    page = signed_in(agent)
    page.goto("/calls/")
    held: list[Route] = []
    page.route("**/wrap-up/", lambda route: held.append(route))
    page.locator("#call-wrap-up input[value=call_back]").check(force=True)
    page.locator("#call-reason").select_option(str(reason.pk))
    page.locator("#call-follow-up").fill("在庫の連絡")
    page.locator("#call-follow-up-at").fill("2030-06-03T10:00")
    page.locator("#call-wrap-up input[name=close_inquiry]").check(force=True)
    page.reload()
    expect(page.locator("#call-wrap-up input[value=call_back]")).to_be_checked()
    expect(page.locator("#call-reason")).to_have_value(str(reason.pk))
    expect(page.locator("#call-follow-up")).to_have_value("在庫の連絡")
    expect(page.locator("#call-follow-up-at")).to_have_value("2030-06-03T10:00")
    expect(page.locator("#call-wrap-up input[name=close_inquiry]")).to_be_checked()
    page.unroute("**/wrap-up/")
    page.locator("#call-follow-up").press("End")
    page.keyboard.type("。")
    until(lambda: Call.objects.get().wrap_up.get("follow_up") == "在庫の連絡。")


def test_the_signal_of_a_finished_call_overtakes_its_answer(signed_in, agent, ended):
    """The window that finishes is told of it first: it does not take itself for another."""
    page = connected(signed_in(agent), f"/conversations/{ended.conversation_id}/")
    page.locator("#call-line-request").fill("丈の相談")
    page.locator("#call-wrap-up input[value=resolved]").check(force=True)
    answers: list[tuple[Route, APIResponse]] = []

    def late(route: Route) -> None:
        answers.append((route, route.fetch()))  # it is finished by now, and signalled

    page.route("**/finish/", late)
    page.locator("#call-notes [type=submit]").click()
    expect(page.locator("#call-head")).not_to_have_attribute(
        "data-call", re.compile(".")
    )
    expect(page.locator("#call-line-request")).to_have_value("丈の相談")
    expect(page.locator(".call-lines__state")).not_to_have_attribute(
        "data-tone", "warning"
    )
    route, response = answers[0]
    route.fulfill(response=response)
    expect(page.locator("#call-notes")).to_have_count(0)
    expect(page.locator(".toast")).to_contain_text("記録しました")
    expect(page.locator(".phone-note")).to_contain_text("丈の相談")


def test_the_page_of_calls_on_another_screen_follows_the_wrap_up(
    signed_in, agent, caller, ended
):
    page = connected(signed_in(agent), "/calls/")
    other = connected(page.context.new_page(), "/calls/")
    row = other.locator(f"#call-{ended.pk}")
    expect(row).to_contain_text("後処理")
    page.locator("#call-follow-up").fill("在庫の連絡")
    page.locator("[data-due]:visible").first.click()
    page.locator("#call-wrap-up input[value=call_back]").check(force=True)
    page.locator("#call-line-request").press("Control+Enter")
    expect(row).to_contain_text("折り返し")
    expect(other.locator("#calls")).to_contain_text("在庫の連絡")
