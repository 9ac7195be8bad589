"""A conversation beside the open one is there before it is asked for, and never as it was."""

import re

import pytest
from playwright.sync_api import Page, expect

from conversations.choices import InquiryStatus
from conversations.inquiries.actions.inquiry import set_status
from conversations.inquiries.actions.mark_read import mark_read
from conversations.models import Conversation, Draft, Inquiry
from tests.browser.conftest import arrive, outside
from tests.browser.sockets import connected
from tests.browser.test_requests import noted
from tests.factories.conversations import ConversationFactory
from tests.factories.customers import CustomerFactory
from tests.waiting import until

WORKSPACE = re.compile(r"/conversations/\d+/workspace/$")


@pytest.fixture
def others(account, webchat, agent) -> list[Conversation]:
    found: list[Conversation] = []
    for name in ("前田", "後藤", "中村"):
        customer = CustomerFactory(account=account, family_name=name, given_name="光")
        one = ConversationFactory(customer=customer)
        arrive(one, webchat, f"{name}の問い合わせ")
        outside(lambda one=one: mark_read(one, member=agent))
        found.append(one)
    return found


@pytest.fixture
def page(signed_in, agent, others) -> Page:
    page = signed_in(agent)
    with page.expect_response(WORKSPACE):  # of the one below
        connected(page, f"/conversations/{others[0].pk}/")
    return page


def shows(page: Page, name: str) -> None:
    expect(page.locator("#thread")).to_contain_text(f"{name}の問い合わせ")
    expect(page.locator(".entry[aria-current]")).to_contain_text(name)
    expect(page).to_have_title(re.compile(name))


def test_the_next_one_opens_without_asking_and_is_where_one_is(page: Page, others):
    page.wait_for_load_state("networkidle")
    paths = noted(page)
    page.keyboard.press("j")
    shows(page, "後藤")
    assert f"/conversations/{others[1].pk}/workspace/" not in paths
    assert page.url.endswith(f"/conversations/{others[1].pk}/")
    page.locator("#composer-reply").fill("下書きです")
    page.locator("#composer-reply").blur()
    until(lambda: Draft.objects.filter(body="下書きです").exists())
    page.keyboard.press("k")
    shows(page, "前田")
    page.keyboard.press("j")
    shows(page, "後藤")
    expect(page.locator("#composer-reply")).to_have_value("下書きです")
    page.go_back()
    shows(page, "前田")


def test_what_has_changed_since_is_never_shown_as_it_was(page: Page, others, webchat):
    page.wait_for_load_state("networkidle")
    arrive(others[1], webchat, "やはり結構です")
    expect(page.locator(".entry", has_text="後藤")).to_contain_text("やはり結構です")
    page.locator(".entry", has_text="後藤").click()
    expect(page.locator("#thread")).to_contain_text("やはり結構です")


def test_a_change_that_no_signal_tells_of_is_seen_on_showing(page: Page, others):
    page.wait_for_load_state("networkidle")
    inquiry = Inquiry.objects.filter(conversation=others[1])
    inquiry.update(status=InquiryStatus.PENDING)
    page.keyboard.press("j")
    shows(page, "後藤")
    expect(page.locator("#inquiry-bar [data-shortcut=s]")).to_contain_text(
        "顧客回答待ち"
    )


def test_a_new_message_that_came_between_is_in_the_thread(
    page: Page, others, webchat, agent
):
    page.wait_for_load_state("networkidle")
    outside(
        lambda: set_status(
            Inquiry.objects.get(conversation=others[1]),
            actor=agent.user,
            status=InquiryStatus.PENDING,
        )
    )
    arrive(others[1], webchat, "間に合いますか")
    page.keyboard.press("j")
    expect(page.locator("#workspace")).to_contain_text("間に合いますか")
