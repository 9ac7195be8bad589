"""Files that the chosen channel cannot carry go by another; what one drops says where it goes."""

import pytest
from playwright.sync_api import Page, expect

from conversations.choices import Channel, Direction
from conversations.models import Message, Visitor
from tests.browser.conftest import arrive
from tests.browser.sockets import connected
from tests.browser.test_note_files import REPLY, give, key_pressed, names_of
from tests.factories.file_bytes import picture
from tests.factories.threads import inbound_message, line_of
from tests.waiting import until

DRAG = """
([name, selector]) => {
  const data = new DataTransfer();
  data.items.add(new File(["写真"], "写真.png", { type: "image/png" }));
  const options = { bubbles: true, cancelable: true, dataTransfer: data };
  document.querySelector(selector).dispatchEvent(new DragEvent(name, options));
}
"""


@pytest.fixture
def page(signed_in, agent, conversation, webchat) -> Page:
    """The customer has written in the web chat, and by LINE since."""
    account = conversation.account
    customer = conversation.customer
    Visitor.objects.create(account=account, inbox=webchat, customer=customer)
    arrive(conversation, webchat, "在庫はありますか")
    line, reach = line_of(conversation)
    inbound_message(conversation, line, "LINEでもお願いします", identity=reach.identity)
    page = connected(signed_in(agent), f"/conversations/{conversation.pk}/")
    expect(page.locator(".via__now")).to_contain_text("LINE")
    return page


def test_what_the_channel_cannot_carry_goes_by_another(page: Page):
    give(page, "説明書.txt", "#composer-reply")
    file = page.locator(REPLY)
    expect(file).to_contain_text("LINEではこの種類のファイルを送れません")
    file.get_by_role("button", name="ウェブチャットで送る").click()
    expect(file.locator("input[name=file]")).to_have_count(1)
    expect(file.locator(".upload__refusal")).to_be_empty()
    expect(page.locator("#composer-reply")).to_be_focused()
    page.keyboard.type("お送りします")
    page.keyboard.press("Control+Enter")
    until(lambda: Message.objects.filter(direction=Direction.OUTBOUND).exists())
    reply = Message.objects.get(direction=Direction.OUTBOUND)
    assert reply.channel == Channel.WEBCHAT
    assert names_of(reply) == {"説明書.txt"}


def test_where_dragged_files_would_go_is_said_over_the_conversation(page: Page):
    zone = page.locator("#drop-zone")
    page.evaluate(DRAG, ["dragover", "#thread"])
    expect(zone.get_by_text("返信に添付します")).to_be_visible()
    page.evaluate(DRAG, ["dragleave", "#conversation"])
    expect(zone).to_be_hidden()
    page.locator("#composer-reply").focus()
    key_pressed(page, "m", "#composer-note")
    page.evaluate(DRAG, ["dragover", "#thread"])
    expect(zone.get_by_text("社内メモに添付します")).to_be_visible()
    expect(zone.get_by_text("返信に添付します")).to_be_hidden()
    page.evaluate(DRAG, ["dragover", "#pane-list"])
    expect(zone).to_be_hidden()


def test_a_picture_is_shown_small_and_after_a_reload_too(page: Page):
    with page.expect_file_chooser() as chooser:
        page.locator("[data-attach]").click()
    file = {"name": "写真.png", "mimeType": "image/png", "buffer": picture(kind="PNG")}
    with page.expect_response("**/draft/"):
        chooser.value.set_files([file])
    shown = page.locator(f"{REPLY} .upload__picture")
    size = "image => image.complete && image.naturalWidth > 0"
    for _time in range(2):
        expect(shown).to_be_visible()
        until(lambda: shown.evaluate(size))
        page.reload()
