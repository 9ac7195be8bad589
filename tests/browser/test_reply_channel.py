"""Choosing where a reply goes, and what a thread of many kinds lets one do."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from conversations.choices import Channel, ClosedReason, DeliveryState, FailureCode
from conversations.models import Visitor
from tests.browser.conftest import arrive, outside
from tests.browser.sockets import connected
from tests.factories.file_bytes import picture
from tests.factories.threads import file_of, inbound_message, line_of, outbound_message
from tests.receiving import receive_message
from tests.waiting import until


@pytest.fixture
def line(conversation):
    return line_of(conversation, quota_limit=1000, quota_used=312)[0]


@pytest.fixture
def reach(line):
    return line.reaches.get()


@pytest.fixture
def chatted(conversation, webchat):
    webchat.name = "ウェブ窓口"
    webchat.save(update_fields=["name"])
    Visitor.objects.create(
        account=conversation.account, inbox=webchat, customer=conversation.customer
    )
    arrive(conversation, webchat, "在庫はありますか")
    return webchat


@pytest.fixture
def desk(signed_in, agent, conversation):
    def opening() -> Page:
        return connected(signed_in(agent), f"/conversations/{conversation.pk}/")

    return opening


def test_a_channel_is_chosen_by_keyboard_and_the_text_stays(desk, chatted, reach):
    page = desk()
    now, reply = page.locator(".via__now"), page.locator("#composer-reply")
    expect(now).to_contain_text("ウェブ窓口")
    reply.press_sequentially("書きかけです")
    page.keyboard.press("Escape")
    page.keyboard.press("v")
    expect(page.locator("#via-menu")).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(now).to_contain_text("LINE公式")
    expect(now).to_contain_text("プッシュ送信（今月 312 / 1,000 通）")
    expect(reply).to_be_focused()
    with page.expect_response("**/compose/via/**"):
        page.keyboard.press("Alt+ArrowDown")
    expect(now).to_contain_text("ウェブ窓口")
    expect(reply).to_have_value("書きかけです")
    expect(reply).to_be_focused()


def test_a_free_reply_runs_out_before_ones_eyes(desk, conversation, line, reach):
    inbound_message(conversation, line, "在庫は？", identity=reach.identity)
    reach.reply_token = "token"
    reach.reply_until = timezone.now() + timedelta(seconds=12)
    reach.save()
    page = desk()
    left = page.locator(".via__now [data-seconds-left]")
    first = int(left.inner_text())
    expect(left).not_to_have_text(str(first))
    assert int(left.inner_text()) < first
    expect(page.locator(".via__now")).to_contain_text("プッシュ送信")
    expect(left).to_have_count(0)


def test_a_message_elsewhere_does_not_move_a_reply_that_was_begun(
    desk, conversation, chatted, line, reach
):
    page = desk()
    reply = page.locator("#composer-reply")
    reply.press_sequentially("確認いたします")
    outside(
        lambda: receive_message(
            conversation.customer,
            inbox=line,
            channel=Channel.LINE,
            body="LINEでもお願いします",
            provider_message_id="1",
            identity=reach.identity,
        )
    )
    note = page.locator(".via__note")
    expect(note).to_contain_text("LINE（LINE公式）に新しい連絡がありました")
    expect(page.locator(".via__now")).to_contain_text("ウェブ窓口")
    note.get_by_role("button").click()
    expect(page.locator(".via__now")).to_contain_text("LINE公式")
    expect(note).to_have_count(0)
    expect(reply).to_have_value("確認いたします")


def test_a_failed_reply_is_written_again_where_the_customer_can_be_reached(
    desk, agent, conversation, chatted, reach
):
    outbound_message(
        conversation,
        reach,
        "集荷伝票をお送りします。",
        state=DeliveryState.FAILED,
        author=agent,
        failure=FailureCode.BLOCKED,
    )
    reach.closed_reason = ClosedReason.UNFOLLOWED
    reach.save()
    page = desk()
    failed = page.locator(".message--failed")
    expect(failed).to_contain_text("お客様がブロックしています")
    failed.locator("summary").first.click()
    expect(failed.locator(".attempts")).to_contain_text("HTTP 400")
    failed.get_by_role("button", name="再送する").click()
    failed.get_by_role("button", name="ウェブ窓口で送り直す").click()
    expect(page.locator("#composer-reply")).to_have_value("集荷伝票をお送りします。")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".message--sent")).to_contain_text("集荷伝票")


def test_a_file_the_channel_cannot_carry_stops_the_reply_until_it_is_taken_out(
    desk, chatted, reach
):
    page = desk()
    page.locator("#composer-reply").fill("一覧です")
    with page.expect_response(re.compile(r"/conversations/\d+/files/$")):
        page.locator("#composer-file").set_input_files(
            {"name": "一覧.csv", "mimeType": "text/csv", "buffer": "名前\n".encode()}
        )
    send = page.locator("#composer [data-send]")
    expect(send).to_be_enabled()
    page.locator("#composer-reply").press("Alt+ArrowDown")
    expect(page.locator(".upload[data-refused]")).to_contain_text("LINE")
    expect(send).to_be_disabled()
    expect(page.locator("#composer-blocked")).to_contain_text("外してから")
    page.get_by_role("button", name="一覧.csv").click()
    expect(send).to_be_enabled()
    expect(page.locator("#composer-reply")).to_have_value("一覧です")


def test_pictures_are_looked_at_large_and_sounds_are_played(
    desk, conversation, line, reach
):
    message = inbound_message(
        conversation, line, content="image", identity=reach.identity
    )
    for name in ("青.png", "赤.png"):
        content = picture(kind="PNG")
        size = {"width": 640, "height": 400}
        file_of(message, content, name=name, content_type="image/png", **size)
    file_of(message, b"ID3" + b"0" * 64, name="声.mp3", content_type="audio/mpeg")
    page = desk()
    expect(page.locator("audio[controls]")).to_be_visible()
    page.locator("[data-lightbox]").first.click()
    box = page.locator("#lightbox")
    expect(box).to_contain_text("青.png")
    page.keyboard.press("ArrowRight")
    expect(box).to_contain_text("赤.png")
    shown = box.locator("img").first
    until(lambda: shown.evaluate("image => image.complete && image.naturalWidth"))
    link = page.locator("[data-lightbox]").last
    link.evaluate("link => link.outerHTML = link.outerHTML")  # its message drawn anew
    page.keyboard.press("Escape")
    expect(box).to_be_hidden()
    expect(link).to_be_focused()


def test_a_quote_leads_to_a_message_that_is_two_pages_further_up(
    desk, conversation, line, reach
):
    first = inbound_message(conversation, line, "最初の問い", minutes=200)
    for minutes in range(120, 10, -1):
        inbound_message(conversation, line, f"{minutes}分前", minutes=minutes)
    quoted = {"quoted": first.provider_message_id}
    inbound_message(conversation, line, "これの件です", minutes=1, data=quoted)
    page = desk()
    expect(page.locator(f"#message-{first.pk}")).to_have_count(0)
    page.locator("a.quote").click()
    expect(page.locator(f"#message-{first.pk}")).to_be_in_viewport()
    expect(page.get_by_text("これの件です")).to_have_count(0)
    page.locator("[data-jump]").click()
    expect(page.get_by_text("これの件です")).to_be_in_viewport()
