"""How often the desk asks: over a slow line each request is a wait."""

import re

import pytest
from playwright.sync_api import Page, Request, Route, expect

from conversations.inquiries.actions.inquiry import take
from conversations.inquiries.actions.mark_read import mark_read
from tests.browser.conftest import arrive, outside
from tests.browser.sockets import connected
from tests.factories.conversations import ConversationFactory
from tests.factories.customers import CustomerFactory

MOST_ON_FIRST_LOAD = 12
ALL_TIMERS = 12_000  # milliseconds: what the desk does by itself comes round sooner


@pytest.fixture
def other(account, webchat):
    other = ConversationFactory(customer=CustomerFactory(account=account))
    arrive(other, webchat, "別のお客様です")
    return other


def without_memory(page: Page) -> Page:
    """Nothing is read beforehand: what is opened is requested."""

    def refuse(route: Route) -> None:
        if "x-beforehand" in route.request.headers:
            route.abort()
        else:
            route.fallback()

    page.route("**/workspace/", refuse)
    return page


def noted(page: Page) -> list[str]:
    """The paths of all that the page requests from now on."""
    paths: list[str] = []

    def note(request: Request) -> None:
        is_beforehand = "x-beforehand" in request.headers
        if request.url.startswith("http") and not is_beforehand:
            paths.append(re.sub(r"^https?://[^/]+|\?.*$", "", request.url))

    page.on("request", note)
    return paths


def test_the_first_load_of_the_desk_is_few_requests(
    signed_in, agent, conversation, webchat
):
    arrive(conversation, webchat, "サイズを交換したいです")
    page = signed_in(agent)
    paths = noted(page)
    connected(page, f"/conversations/{conversation.pk}/")
    page.wait_for_load_state("networkidle")
    assert len(paths) <= MOST_ON_FIRST_LOAD, paths


def test_opening_a_conversation_that_is_read_is_one_request(
    signed_in, agent, conversation, webchat, other
):
    outside(lambda: mark_read(other, member=agent))
    page = without_memory(signed_in(agent))
    page.clock.install()
    with page.expect_response("**/notifications/"):  # the last of the first load
        connected(page, f"/conversations/{conversation.pk}/", "watching")
    own = f"/conversations/{other.pk}/"
    paths = noted(page)
    page.locator(f"#list [data-conversation='{other.pk}']").click()
    expect(page.locator("#customer-history .history")).to_have_count(1)
    page.clock.run_for(ALL_TIMERS)
    assert paths == [f"{own}workspace/"]
    # Signals come in their order: what the opening has caused is through by then.
    arrive(other, webchat, "もう一つあります")
    expect(page.locator("#thread")).to_contain_text("もう一つあります")
    of_the_message = {
        "/desk/inquiries/",
        f"{own}compose/via/",
        f"{own}messages/",
        f"{own}read/",
    }
    assert {*paths[1:]} <= of_the_message
    assert paths.count(f"{own}messages/") == 1


def test_opening_an_unread_conversation_also_says_that_it_was_read(
    signed_in, agent, conversation, webchat, other
):
    page = without_memory(signed_in(agent))
    page.clock.install()
    with page.expect_response("**/notifications/"):  # the last of the first load
        connected(page, f"/conversations/{conversation.pk}/", "watching")
    own = f"/conversations/{other.pk}/"
    paths = noted(page)
    page.locator(f"#list [data-conversation='{other.pk}']").click()
    expect(page.locator("#customer-history .history")).to_have_count(1)
    with page.expect_response(f"**{own}read/"):
        page.clock.run_for(ALL_TIMERS)
    page.clock.run_for(ALL_TIMERS)
    assert paths == [f"{own}workspace/", f"{own}read/"]


def test_what_happens_to_an_inquiry_is_read_in_the_history_again(
    signed_in, agent, conversation, webchat, other
):
    page = without_memory(signed_in(agent))
    connected(page, f"/conversations/{other.pk}/", "watching")
    expect(page.locator("#customer-contacts")).to_have_text("1件")
    inquiry = other.inquiries.get()
    with page.expect_response("**/history/"):
        outside(lambda: take(inquiry, member=agent, seen_owner=0))
    expect(page.locator("#customer-history .history")).to_contain_text(
        agent.user.family_name
    )
    expect(page.locator("#customer-contacts")).to_have_text("1件")


def test_what_came_while_the_workspace_was_fetched_is_read_when_its_topic_is_watched(
    signed_in, agent, conversation, webchat, other
):
    arrive(conversation, webchat, "サイズを交換したいです")
    page = without_memory(signed_in(agent))
    connected(page, f"/conversations/{conversation.pk}/")

    def later(route) -> None:
        response = route.fetch()
        arrive(other, webchat, "取り寄せの間に届きました")
        route.fulfill(response=response)

    page.route(f"**/conversations/{other.pk}/workspace/", later)
    page.locator(f"#list [data-conversation='{other.pk}']").click()
    expect(page.locator("#thread")).to_contain_text("取り寄せの間に届きました")
