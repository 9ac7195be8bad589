"""An admin connects a channel without leaving the page, and watches it come alive."""

import urllib.request
from urllib.error import HTTPError

import pytest
from playwright.sync_api import Page, Route, expect

from conversations.choices import Channel
from conversations.inboxes.actions.connect import save_connection
from conversations.models import Inbox, InboxConnection
from tests.browser.conftest import outside
from tests.conversations.providers import line
from tests.factories.conversations import InboxFactory


def post(
    server: str, inbox: Inbox, text: str, secrets: dict[str, str] | None = None
) -> None:
    """As LINE would, over the wire."""
    body = line.write(text)
    headers = line.sign(body, "", secrets or line.PROVIDER.secrets)
    request = urllib.request.Request(  # noqa: S310  # loopback
        f"{server}/hooks/{inbox.key}/",
        body,
        headers | {"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310
        assert answer.status == 200


def test_a_channel_is_set_up_and_tested(signed_in, admin, queue, server):
    page: Page = signed_in(admin)
    page.goto("/settings/kogane/inboxes/new/")
    page.locator(".channel-card", has_text="LINE").click()
    page.locator("#id_name").fill("こがね公式")
    page.locator("#new-inbox-form [type=submit]").click()
    secret = page.locator("#connection-channel_secret")
    secret.fill("0123")
    wrong = page.locator("#typed-channel_secret")
    expect(wrong).to_contain_text("もう一度コピー")
    page.locator("#connection-form [type=submit]").click()
    expect(page.locator("#connection-channel_secret_error")).to_be_visible()
    secret.fill(line.PROVIDER.secrets["channel_secret"])
    expect(wrong).to_contain_text("正しい形式です")
    expect(page.locator("#connection-channel_secret_error")).to_have_count(0)
    token = page.locator("#connection-channel_access_token")
    token.fill("a-token-that-no-provider-has-issued")
    page.locator("#connection-form [type=submit]").click()
    expect(page.locator("#connection-form details.secret")).to_have_count(2)
    assert line.PROVIDER.secrets["channel_secret"] not in page.content()
    inbox = outside(lambda: Inbox.objects.get(name="こがね公式"))
    arrival = page.locator("#step-webhook .arrival")
    expect(arrival).to_contain_text("待っています")
    page.get_by_role("button", name="テストを始める").click()
    expect(page.locator(f"#inbox-state-{inbox.pk} .badge")).to_have_text("テスト")
    post(server, inbox, "テストのメッセージ")
    expect(arrival).to_contain_text("届いています")
    expect(page.locator("#step-sandbox .rows")).to_contain_text("テストのメッセージ")
    typing = page.locator("#inbox-texts [name=greeting]")
    typing.fill("書きかけのあいさつ")
    state = page.locator(f"#inbox-state-{inbox.pk}")
    page.get_by_role("button", name="公開する", exact=True).click()
    expect(state).to_contain_text("先に接続を確認")  # nobody has asked LINE yet
    page.get_by_role("button", name="下書きに戻す").click()
    expect(state.locator(".badge")).to_have_text("下書き")
    expect(typing).to_have_value("書きかけのあいさつ")  # no step throws away another
    page.reload()
    expect(state.locator(".badge")).to_have_text("下書き")
    expect(page.locator("#step-webhook [data-done=yes]")).to_be_visible()


def test_a_second_tab_follows_and_leaves_what_is_typed_there_alone(
    signed_in, admin, queue, server
):
    first: Page = signed_in(admin)
    first.goto("/settings/kogane/inboxes/new/")
    first.locator(".channel-card", has_text="LINE").click()
    first.locator("#id_name").fill("こがね公式")
    first.locator("#new-inbox-form [type=submit]").click()
    expect(first.locator("#connection-form")).to_be_visible()
    second, writing = first.context.new_page(), first.context.new_page()
    for tab in (second, writing):
        tab.goto(first.url)
        expect(tab.locator("#step-check button")).to_be_disabled()
    address = writing.locator("#connection-account_link_url")
    address.fill("https://shop.example/login")
    first.locator("#connection-channel_secret").fill(
        line.PROVIDER.secrets["channel_secret"]
    )
    first.locator("#connection-channel_access_token").fill("a-token-of-no-provider")
    first.locator("#connection-form [type=submit]").click()
    for tab in (first, second, writing):
        for step in ("prepare", "connection"):
            expect(tab.locator(f"#step-{step} [data-done=yes]")).to_be_visible()
        expect(tab.locator("#step-check button")).to_be_enabled()
    expect(second.locator("#connection-form details.secret")).to_have_count(2)
    expect(writing.locator("#connection-form details.secret")).to_have_count(0)
    expect(address).to_have_value("https://shop.example/login")
    second.get_by_role("button", name="テストを始める").click()
    expect(first.locator(".inbox-state .badge")).to_have_text("テスト")
    expect(first.locator("#step-sandbox .arrival")).to_be_visible()


@pytest.fixture
def draft(account, queue) -> Inbox:
    """A LINE inbox with all its secrets, whose provider has not reached us yet."""
    inbox = InboxFactory(
        account=account, channel=Channel.LINE, queue=queue, state="draft"
    )
    InboxConnection.objects.create(inbox=inbox)
    save_connection(inbox, actor=None, settings={}, secrets=line.PROVIDER.secrets)
    return inbox


def test_a_step_that_is_replaced_while_it_is_read_is_read_again_without_an_error(
    signed_in, admin, draft, server
):
    page: Page = signed_in(admin)
    errors: list[str] = []
    page.on("console", lambda one: errors.append(f"{one.type} {one.text}"))
    page.goto(f"/settings/kogane/inboxes/{draft.pk}/")
    page.wait_for_load_state("networkidle")
    held: list[Route] = []
    hold = held.append
    page.route("**/steps/*", lambda route: hold(route))
    page.evaluate("document.body.dispatchEvent(new Event('live:reconnected'))")
    with pytest.raises(HTTPError):
        post(server, draft, "にせもの", secrets={"channel_secret": "0" * 32})
    expect(page.locator("#step-webhook")).to_contain_text("1件拒否しました")
    hold = Route.continue_
    with page.expect_request_finished(lambda one: "/steps/" in one.url):
        for route in held:
            route.continue_()
    page.wait_for_load_state("networkidle")
    assert not [one for one in errors if one.startswith("error")]


def test_a_page_that_waits_for_the_provider_keeps_no_session_awake(
    signed_in, admin, draft
):
    page: Page = signed_in(admin)
    page.goto(f"/settings/kogane/inboxes/{draft.pk}/")
    with page.expect_request("**/arrival/*") as waiting:
        pass
    assert waiting.value.headers.get("x-background") == "1"
