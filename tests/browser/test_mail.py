"""Mail in a browser: its HTML in a frame, recipients as chips, words with formatting."""

import pytest
from playwright.sync_api import Page, expect

from conversations.models import Message, Visitor
from tests.browser.conftest import outside
from tests.conversations.providers.email import PROVIDER, posted, raw_mail


def choose(page: Page, channel: str) -> None:
    page.locator(".via__now").click()
    page.locator(".via__option", has_text=channel).click()
    expect(page.locator(".via__now")).to_contain_text(channel)


HTML = (
    "<p>こんにちは</p><script>document.title='x'</script>"
    "<div style='height:700px;background:#eee'>高い</div>"
)


@pytest.fixture
def message(account, queue) -> Message:
    inbox = PROVIDER.connected(account, queue)
    raw = raw_mail(
        "在庫はありますか。\n\n-- \n山田",
        html=HTML,
        subject="在庫",
        to="support@kogane.example, 太郎 <taro@example.jp>",
    )
    outside(lambda: PROVIDER.post(inbox, posted(raw)))
    return Message.objects.get(kind="text")


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
    page = signed_in(agent)
    page.goto(f"/conversations/{message.conversation_id}/")
    expect(page.locator("[data-mail-fields]")).to_be_visible()
    page.wait_for_load_state("load")
    return page


def test_the_frame_grows_with_its_page_and_runs_no_script(page: Page, message):
    bubble = page.locator(f"#message-{message.pk}")
    bubble.get_by_text("HTMLで表示").click()
    frame = bubble.frame_locator("iframe")
    expect(frame.get_by_text("こんにちは")).to_be_visible()
    page.wait_for_function(
        "document.querySelector('[data-mail-frame]').offsetHeight > 300"
    )
    assert page.title() != "x"


def test_what_was_opened_stays_open_when_the_message_is_drawn_anew(page: Page, message):
    folded = page.locator(f"#mail-whole-{message.pk}")
    folded.locator("summary").click()
    expect(folded.locator(".mail-whole__signature")).to_be_visible()
    page.evaluate(
        "pk => htmx.ajax('GET', `${document.getElementById('thread').dataset.messages}"
        "${pk}/`, {target: `#message-${pk}`, swap: 'outerHTML'})",
        message.pk,
    )
    page.wait_for_load_state("networkidle")
    expect(folded).to_have_attribute("open", "")
    expect(folded.locator(".mail-whole__signature")).to_be_visible()


def test_a_reply_to_all_with_formatting_leaves_as_written(page: Page, message):
    page.locator("[data-reply-all]").click()
    expect(page.locator(".mail-chip", has_text="taro@example.jp")).to_be_visible()
    page.locator("#mail-bcc").fill("これは違う")
    page.locator("#mail-bcc").press("Enter")
    expect(page.locator("#mail-bcc-error")).to_have_text(
        "「これは違う」はメールアドレスではありません。"
    )
    page.locator("#mail-bcc").fill("boss@kogane.example")
    page.locator("#mail-bcc").press("Enter")
    page.locator("#composer-reply").fill("ございます。")
    page.locator("[data-mail-html]").click()
    editor = page.locator(".mail-editor")
    expect(editor).to_contain_text("ございます。")
    editor.press("Control+a")
    page.locator('[data-format="bold"]').click()
    editor.press("Control+Enter")
    expect(page.locator(".message--out")).to_be_visible()
    reply = Message.objects.get(direction="outbound")
    assert reply.body == "ございます。"
    assert reply.data["email"]["cc"] == [["太郎", "taro@example.jp"]]
    assert reply.data["email"]["bcc"] == [["", "boss@kogane.example"]]
    assert "<b>ございます。</b>" in reply.mail.html
    expect(page.locator(".mail-editor")).to_have_count(0)
    expect(page.locator("[data-mail-fields] .mail-chip__remove")).to_have_count(0)


def test_pictures_are_offered_only_where_some_were_left_out(page: Page, message):
    bubble = page.locator(f"#message-{message.pk}")
    bubble.get_by_text("HTMLで表示").click()
    expect(bubble.frame_locator("iframe").get_by_text("こんにちは")).to_be_visible()
    expect(bubble.locator(".mail-frame__pictures")).to_be_hidden()
    told = "<p>広告</p><img src='https://tracker.example.net/p.gif' alt='図'>"
    outside(lambda: PROVIDER.post(message.inbox, posted(raw_mail("広告", html=told))))
    other = page.locator(".message--in").last
    expect(other.get_by_text("広告").first).to_be_visible()
    other.get_by_text("HTMLで表示").click()
    offer = other.locator(".mail-frame__pictures")
    offer.click()
    picture = other.frame_locator("iframe").locator("img")
    expect(picture).to_have_attribute("src", "https://tracker.example.net/p.gif")
    expect(offer).to_be_hidden()


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
def editor(page: Page):
    page.locator("[data-mail-html]").click()
    editor = page.locator(".mail-editor")
    expect(editor).to_be_visible()
    return editor


def test_formatting_is_kept_in_the_draft_over_a_reload_and_another_channel(
    page: Page, editor, message
):
    editor.press_sequentially("太字で")
    editor.press("Control+a")
    with page.expect_response("**/draft/"):
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
    choose(page, "ウェブ窓口")
    page.locator("#composer-reply").fill("書き直し")
    choose(page, message.inbox.name)
    page.locator("[data-mail-html]").click()
    expect(editor).to_have_text("書き直し")
    assert editor.locator("b").count() == 0


def test_a_pasted_picture_stands_in_the_mail_where_it_was_pasted(
    page: Page, editor, message
):
    editor.press_sequentially("こちらです")
    with page.expect_response(lambda one: "cid%3A" in (one.request.post_data or "")):
        page.evaluate(PASTE, {"picture": True, "html": ""})
    expect(editor.locator("img[src^='/files/']")).to_be_visible()
    expect(page.locator("#composer-files .upload")).to_have_count(0)
    page.reload()
    expect(editor.locator("img[src^='/files/']")).to_be_visible()
    editor.click()
    editor.press("Control+Enter")
    expect(page.locator(".message--out")).to_be_visible()
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
        told = {"text": text, "selectionStart": len(text), "selectionEnd": len(text)}
        typing.send("Input.imeSetComposition", told)

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
    expect(page.locator(".message--out")).to_be_visible()
    assert Message.objects.get(direction="outbound").body == "在庫あります"
