"""How often the desk asks: over a slow line each request is a wait."""

import re

import pytest
from playwright.sync_api import Page, Request, expect

from tests.browser.conftest import arrive
from tests.browser.sockets import connected
from tests.factories.conversations import ConversationFactory
from tests.factories.customers import CustomerFactory

MOST_ON_FIRST_LOAD = 12


@pytest.fixture
def other(account, webchat):
    other = ConversationFactory(customer=CustomerFactory(account=account))
    arrive(other, webchat, "別のお客様です")
    return other


def noted(page: Page) -> list[str]:
    """The paths of all that the page requests from now on."""
    paths: list[str] = []

    def note(request: Request) -> None:
        if request.url.startswith("http"):
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


def test_one_opening_asks_for_the_workspace_and_says_that_it_was_read(
    signed_in, agent, conversation, webchat, other
):
    page = signed_in(agent)
    connected(page, f"/conversations/{conversation.pk}/", "watching")
    own = f"/conversations/{other.pk}/"
    paths = noted(page)
    with page.expect_response(f"**{own}read/"):
        page.locator(f"#list [data-conversation='{other.pk}']").click()
    # Signals come in their order: what the opening has caused is through by then.
    arrive(other, webchat, "もう一つあります")
    expect(page.locator("#thread")).to_contain_text("もう一つあります")
    assert paths[0] == f"{own}workspace/"
    assert paths.count(f"{own}messages/") == 1  # of the new message
    of_the_message = {"/desk/inquiries/", f"{own}messages/", f"{own}compose/via/"}
    assert sorted({*paths} - of_the_message) == [
        f"{own}read/",
        f"{own}workspace/",
        f"/conversations/of-customer/{other.customer_id}/history/",
    ]


def test_what_came_while_the_workspace_was_fetched_is_read_when_its_topic_is_watched(
    signed_in, agent, conversation, webchat, other
):
    arrive(conversation, webchat, "サイズを交換したいです")
    page = signed_in(agent)
    connected(page, f"/conversations/{conversation.pk}/")

    def later(route) -> None:
        response = route.fetch()
        arrive(other, webchat, "取り寄せの間に届きました")
        route.fulfill(response=response)

    page.route(f"**/conversations/{other.pk}/workspace/", later)
    page.locator(f"#list [data-conversation='{other.pk}']").click()
    expect(page.locator("#thread")).to_contain_text("取り寄せの間に届きました")
