"""What the page does with each answer of the server."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

pytestmark = [
    pytest.mark.browser,
    pytest.mark.urls("tests.guide_urls"),
    pytest.mark.django_db(transaction=True),
]

FORM = """(status) => {
  document.querySelector("main").insertAdjacentHTML("beforeend",
    `<form id="lab" method="post" hx-post="/lab/${status}/" hx-target="#lab-answer">
       <button type="submit" class="button">go</button></form><div id="lab-answer"></div>`);
  htmx.process(document.getElementById("lab"));
}"""
TWICE = """() => { const form = document.getElementById("lab");
  form.requestSubmit(); form.requestSubmit(); }"""


@pytest.fixture
def requested(guide: Page) -> list[str]:
    urls: list[str] = []
    guide.on("request", lambda request: urls.append(request.url))
    return urls


def put_form(page: Page, status: int) -> None:
    page.goto("/styleguide/forms/")
    page.evaluate(FORM, status)


@pytest.mark.parametrize("status", [200, 409, 422])
def test_a_double_submit_asks_once_and_shows_the_answer(
    guide: Page, requested: list[str], status: int
):
    put_form(guide, status)
    guide.evaluate(TWICE)
    expect(guide.locator("#lab-answer")).to_have_text(f"answer {status}")
    expect(guide.locator("#lab")).not_to_have_attribute("aria-busy", "true")
    assert len([url for url in requested if "/lab/" in url]) == 1


def test_a_failure_is_said_and_can_be_tried_again(guide: Page, requested: list[str]):
    put_form(guide, 500)
    guide.locator("#lab button").click()
    toast = guide.locator("#toasts .toast")
    expect(toast).to_contain_text("処理できませんでした")
    with guide.expect_response("**/lab/500/"):
        toast.locator("[data-toast-action]").click()
    assert len([url for url in requested if "/lab/" in url]) == 2
    assert guide.locator("#lab-answer").inner_text() == ""


def test_a_question_is_asked_in_our_own_dialog(guide: Page, requested: list[Any]):
    put_form(guide, 200)
    guide.locator("#lab").evaluate(
        "form => { form.setAttribute('hx-confirm', '削除しますか？'); htmx.process(form) }"
    )
    question = guide.locator("#confirm")
    guide.locator("#lab button").click()
    expect(question).to_contain_text("削除しますか？")
    question.get_by_role("button", name="キャンセル").click()
    expect(question).to_be_hidden()
    assert not [url for url in requested if "/lab/" in url]
    guide.locator("#lab button").click()
    question.get_by_role("button", name="続ける").click()
    expect(guide.locator("#lab-answer")).to_have_text("answer 200")
