"""A customer who has written a mail, and the desk with it."""

from playwright.sync_api import Page, expect

from agentdesk.accounts.models import ClientAccount
from conversations.models import Message, Queue
from tests.browser.conftest import outside
from tests.conversations.providers.email import PROVIDER, posted, raw_mail


def mail_received(account: ClientAccount, queue: Queue, html: str = "") -> Message:
    inbox = PROVIDER.connected(account, queue)
    raw = raw_mail(
        "在庫はありますか。\n\n-- \n山田",
        html=html,
        subject="在庫",
        to="support@kogane.example, 太郎 <taro@example.jp>",
    )
    outside(lambda: PROVIDER.post(inbox, posted(raw)))
    return Message.objects.get(kind="text")


def opened(page: Page, message: Message) -> Page:
    page.goto(f"/conversations/{message.conversation_id}/")
    expect(page.locator("[data-mail-fields]")).to_be_visible()
    page.wait_for_load_state("load")
    return page
