"""Mail in a browser: its HTML in a frame, recipients as chips, words with formatting."""

import pytest
from playwright.sync_api import Page, expect

from conversations.models import Draft, Message
from tests.browser.conftest import outside
from tests.browser.mail import mail_received, opened
from tests.conversations.providers.email import PROVIDER, posted, raw_mail
from tests.waiting import until

HTML = (
    "<p>こんにちは</p><script>document.title='x'</script>"
    "<div style='height:700px;background:#eee'>高い</div>"
)


@pytest.fixture
def message(account, queue) -> Message:
    return mail_received(account, queue, html=HTML)


@pytest.fixture
def page(signed_in, agent, message) -> Page:
    return opened(signed_in(agent), message)


def test_the_frame_grows_with_its_page_and_runs_no_script(page: Page, message):
    bubble = page.locator(f"#message-{message.pk}")
    bubble.get_by_text("HTMLで表示").click()
    frame = bubble.frame_locator("iframe")
    expect(frame.get_by_text("こんにちは")).to_be_visible()
    height = "document.querySelector('[data-mail-frame]').offsetHeight"
    until(lambda: page.evaluate(height) > 300)
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
    expect(page.locator(".message--out[data-pk]")).to_be_visible()
    reply = Message.objects.get(direction="outbound")
    assert reply.body == "ございます。"
    assert reply.data["email"]["cc"] == [["太郎", "taro@example.jp"]]
    assert reply.data["email"]["bcc"] == [["", "boss@kogane.example"]]
    assert "<b>ございます。</b>" in reply.mail.html
    expect(page.locator(".mail-editor")).to_have_count(0)
    expect(page.locator("[data-mail-fields] .mail-chip__remove")).to_have_count(0)


def test_a_mail_that_was_begun_comes_back_as_it_was(page: Page, message):
    """Recipients, subject and formatting too; the keys lead in and out of the editor."""
    page.locator("#composer-reply").fill("ございます。")
    page.locator("[data-show-copies]").click()
    page.locator("#mail-bcc").fill("boss@kogane.example")
    page.locator("#mail-bcc").press("Enter")
    page.locator("#mail-subject").fill("在庫のご案内")
    page.locator("[data-mail-html]").click()
    editor = page.locator(".mail-editor")
    expect(editor).to_be_focused()
    editor.press("Control+a")
    page.locator('[data-format="bold"]').click()
    with page.expect_response("**/draft/"):
        page.locator("#composer-file").set_input_files(
            {"name": "表.txt", "mimeType": "text/plain", "buffer": b"1"}
        )
    editor.press("Escape")
    expect(page.locator("[data-focus-home]")).to_be_focused()
    page.goto("/desk/")
    page.goto(f"/conversations/{message.conversation_id}/")
    expect(editor.locator("b")).to_have_text("ございます。")
    expect(page.locator("#mail-subject")).to_have_value("在庫のご案内")
    expect(page.locator(".mail-chip", has_text="boss@kogane.example")).to_be_visible()
    expect(page.locator("#composer-files")).to_contain_text("表.txt")
    expect(editor).not_to_be_focused()
    page.keyboard.press("r")
    expect(editor).to_be_focused()
    editor.press("Control+Enter")
    expect(page.locator(".message--out[data-pk]")).to_be_visible()
    reply = Message.objects.get(direction="outbound")
    assert reply.data["email"]["bcc"] == [["", "boss@kogane.example"]]
    assert reply.data["email"]["subject"] == "Re: 在庫のご案内"
    assert [one.name for one in reply.attachments.all()] == ["表.txt"]
    expect(page.locator("#composer-reply")).to_be_focused()
    expect(page.locator("#composer-files .upload")).to_have_count(0)
    assert not Draft.objects.exists()


def test_pictures_are_offered_only_where_some_were_left_out(page: Page, message):
    bubble = page.locator(f"#message-{message.pk}")
    bubble.get_by_text("HTMLで表示").click()
    expect(bubble.frame_locator("iframe").get_by_text("こんにちは")).to_be_visible()
    expect(bubble.locator(".mail-frame__pictures")).to_be_hidden()
    html = "<p>広告</p><img src='https://tracker.example.net/p.gif' alt='図'>"
    outside(lambda: PROVIDER.post(message.inbox, posted(raw_mail("広告", html=html))))
    other = page.locator(".message--in").last
    expect(other.get_by_text("広告").first).to_be_visible()
    other.get_by_text("HTMLで表示").click()
    offer = other.locator(".mail-frame__pictures")
    offer.click()
    picture = other.frame_locator("iframe").locator("img")
    expect(picture).to_have_attribute("src", "https://tracker.example.net/p.gif")
    expect(offer).to_be_hidden()
