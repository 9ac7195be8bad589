"""A mail written with formatting: kept in its draft, pasted into, composed."""

import re
from collections.abc import Callable
from urllib.parse import unquote_plus

import pytest
from playwright.sync_api import Page, Response, expect

from conversations.models import Draft, Message, Visitor
from tests.browser.conftest import outside
from tests.browser.mail import mail_received, opened
from tests.conversations.providers.email import PROVIDER, posted, raw_mail
from tests.factories.conversations import TemplateFactory

PICTURE = """
async () => {
  const canvas = new OffscreenCanvas(8, 8);
  canvas.getContext("2d").fillRect(0, 0, 8, 8);
  const blob = await canvas.convertToBlob({ type: "image/png" });
  return new File([blob], "図.png", { type: "image/png" });
}
"""
PASTE = """
async ({ html, picture }) => {
  MADE
  const data = new DataTransfer();
  if (html) data.setData("text/html", html);
  if (html) data.setData("text/plain", html.replace(/<[^>]*>/g, ""));
  if (picture) data.items.add(await made());
  const event = new ClipboardEvent("paste", {
    clipboardData: data, bubbles: true, cancelable: true,
  });
  document.querySelector(".mail-editor").dispatchEvent(event);
}
""".replace("MADE", f"const made = {PICTURE.strip()};")
DROP = """
async () => {
  MADE
  const data = new DataTransfer();
  data.items.add(await made());
  const event = new DragEvent("drop", {
    dataTransfer: data, bubbles: true, cancelable: true,
  });
  document.querySelector(".mail-editor").dispatchEvent(event);
}
""".replace("MADE", f"const made = {PICTURE.strip()};")
WORD = (
    "<html><head><style>p.MsoNormal{color:red}</style></head><body>"
    "<!--[if gte mso 9]><xml>x</xml><![endif]-->"
    '<p class="MsoNormal" style="mso-margin-top-alt:auto">表の<b>件</b><o:p></o:p></p>'
    "<table><tr><td>品番</td><td>個数</td></tr></table>"
    '<img src="file:///C:/temp/clip.png"><img src="https://tracker.example/p.gif">'
    "<script>document.title='x'</script></body></html>"
)


@pytest.fixture
def message(account, queue) -> Message:
    return mail_received(account, queue)


@pytest.fixture
def chat(message, webchat):
    """Where the same customer can be answered as well."""
    webchat.name = "ウェブ窓口"
    webchat.save(update_fields=["name"])
    customer = message.conversation.customer
    Visitor.objects.create(account=message.account, inbox=webchat, customer=customer)
    return webchat


@pytest.fixture
def page(signed_in, agent, message, chat) -> Page:
    return opened(signed_in(agent), message)


@pytest.fixture
def editor(page: Page):
    page.locator("[data-mail-html]").click()
    editor = page.locator(".mail-editor")
    expect(editor).to_be_visible()
    return editor


def choose(page: Page, channel: str) -> None:
    page.locator(".via__now").click()
    page.locator(".via__option", has_text=channel).click()
    expect(page.locator(".via__now")).to_contain_text(channel)


def saving(*words: str) -> Callable[[Response], bool]:
    """The answer to a draft with all of these in it: what was saved already is not sent."""

    def is_it(one: Response) -> bool:
        body = unquote_plus(one.request.post_data or "")
        return one.url.endswith("/draft/") and all(word in body for word in words)

    return is_it


def expect_picture(page: Page) -> None:
    """Not its words only: the picture itself has come."""
    picture = page.locator(".mail-editor img")
    expect(picture).to_have_js_property("naturalWidth", 8)


def test_a_template_goes_into_a_formatted_mail(page: Page, message, account):
    TemplateFactory(
        account=account,
        name="配送状況",
        shortcut="haisou",
        body="【要入力：注文番号】の件です。\n発送しました。",
    )
    page.locator("[data-mail-html]").click()
    editor = page.locator(".mail-editor")
    expect(editor).to_be_focused()
    page.keyboard.type("お世話になります。")
    page.keyboard.press("Enter")
    page.keyboard.type("/haisou")
    expect(page.locator("#template-list [role=option]")).to_be_visible()
    page.keyboard.press("Enter")
    reply = page.locator("#composer-reply")
    expect(reply).to_have_value(re.compile("発送しました。"))
    page.keyboard.type("A-1")
    expect(reply).to_have_value(
        re.compile(r"お世話になります。\n+A-1の件です。\n+発送しました。")
    )
    page.keyboard.press("Escape")
    page.keyboard.press("f")
    expect(page.locator("#template-list [role=option]")).to_be_visible()


def test_formatting_is_kept_in_the_draft_over_a_reload_and_another_channel(
    page: Page, editor, message
):
    editor.press_sequentially("太字で")
    editor.press("Control+a")
    with page.expect_response(saving("太字で", "<b>")):
        page.locator('[data-format="bold"]').click()
    expect(page.locator("#draft-state")).to_have_text("下書きを保存しました")
    page.reload()
    expect(editor.locator("b")).to_have_text("太字で")
    expect(page.locator("[data-mail-html]")).to_have_attribute("aria-pressed", "true")
    page.locator("input[name=kind][value=note]").dispatch_event("click")
    page.locator("input[name=kind][value=reply]").dispatch_event("click")
    expect(editor.locator("b")).to_have_text("太字で")
    choose(page, "ウェブ窓口")
    expect(editor).to_have_count(0)
    expect(page.locator("#composer-reply")).to_have_value("太字で")
    choose(page, message.inbox.name)
    expect(editor.locator("b")).to_have_text("太字で")
    expect(editor).to_be_focused()
    choose(page, "ウェブ窓口")
    page.locator("#composer-reply").fill("書き直し")
    choose(page, message.inbox.name)
    with page.expect_response(saving("書き直し", '"html"')):
        page.locator("[data-mail-html]").click()
    expect(editor).to_have_text("書き直し")
    assert editor.locator("b").count() == 0
    with page.expect_response("**/draft/"):
        page.locator("[data-mail-html]").click()
    expect(page.locator("#composer-reply")).to_be_focused()
    assert "html" not in Draft.objects.get().beside


def test_a_pasted_picture_stands_in_the_mail_where_it_was_pasted(
    page: Page, editor, message
):
    editor.press_sequentially("こちらです")
    with page.expect_response(lambda one: "cid%3A" in (one.request.post_data or "")):
        page.evaluate(PASTE, {"picture": True, "html": ""})
    expect(editor.locator("img[src^='/files/']")).to_be_visible()
    expect(page.locator("#composer-files .upload")).to_have_count(0)
    page.reload()
    expect_picture(page)
    another = raw_mail("別件です", sender="jiro@example.jp", name="次郎")
    outside(lambda: PROVIDER.post(message.inbox, posted(another)))
    page.locator(".entry", has_text="次郎").click()
    expect(page.locator("#thread")).to_contain_text("別件です")
    expect(editor).to_have_count(0)
    page.locator(f'.entry[data-conversation="{message.conversation_id}"]').click()
    expect_picture(page)
    choose(page, "ウェブ窓口")
    expect(editor).to_have_count(0)
    choose(page, message.inbox.name)
    expect_picture(page)
    editor.click()
    editor.press("Control+Enter")
    expect(page.locator(".message--out[data-pk]")).to_be_visible()
    reply = Message.objects.get(direction="outbound")
    (picture,) = reply.attachments.all()
    assert f'src="cid:{picture.key}@agentdesk"' in reply.mail.html


def test_what_is_pasted_from_an_office_program_is_cleaned_and_keeps_its_words(
    page: Page, editor
):
    page.evaluate(PASTE, {"picture": True, "html": WORD})
    expect(editor.locator("td")).to_have_text(["品番", "個数"])
    html = editor.inner_html()
    assert "表の<b>件</b>" in html
    for foreign in ("Mso", "mso", "o:p", "<img", "script", "style"):
        assert foreign not in html
    assert page.title() != "x"
    expect(page.locator("#composer-files .upload")).to_have_count(0)


def test_a_dropped_file_goes_along_and_the_words_stay(page: Page, editor):
    editor.press_sequentially("図です")
    page.evaluate(DROP)
    expect(page.locator("#composer-files input[name=file]")).to_have_count(1)
    expect(editor).to_have_text("図です")


def test_composing_japanese_neither_sends_nor_loses_words(page: Page, editor):
    """As an input method does it: a reading, candidates, a choice."""
    typing = page.context.new_cdp_session(page)
    editor.focus()

    def compose(text):
        composition = {
            "text": text,
            "selectionStart": len(text),
            "selectionEnd": len(text),
        }
        typing.send("Input.imeSetComposition", composition)

    for reading in ("z", "ざ", "ざい", "ざいこ", "在庫"):
        compose(reading)
    for key in ("Enter", "Process"):
        pressed = {"type": "rawKeyDown", "windowsVirtualKeyCode": 229, "key": key}
        typing.send("Input.dispatchKeyEvent", {**pressed, "modifiers": 2})
    typing.send("Input.insertText", {"text": "在庫"})
    compose("あり")
    typing.send("Input.insertText", {"text": "あります"})
    expect(editor).to_have_text("在庫あります")
    expect(page.locator("#composer-reply")).to_have_value("在庫あります")
    assert not Message.objects.filter(direction="outbound").exists()
    editor.press("Control+Enter")
    expect(page.locator(".message--out[data-pk]")).to_be_visible()
    assert Message.objects.get(direction="outbound").body == "在庫あります"
