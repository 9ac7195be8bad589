"""What was typed into a channel's form outlives another choice and a refusal."""

from playwright.sync_api import Page, expect

from conversations.models import InboxConnection
from tests.browser.conftest import outside


def begun(page: Page, channel: str) -> None:
    page.goto("/settings/kogane/inboxes/new/")
    page.locator(".channel-card", has_text=channel).click()
    page.locator("#id_name").fill("メール窓口")
    page.locator("#new-inbox-form [type=submit]").click()
    expect(page.locator("#connection-form")).to_be_visible()


def test_secrets_typed_outlive_another_choice_and_a_refusal(signed_in, admin, queue):
    page: Page = signed_in(admin)
    page.set_viewport_size({"width": 1366, "height": 768})
    begun(page, "メール")
    page.locator("#connection-kind").select_option("sendgrid")
    key = page.locator("#connection-api_key")
    key.fill("SG.key-of-the-shop")
    page.locator("#connection-kind").select_option("mailgun")
    expect(page.locator("#connection-sender_domain")).to_be_visible()
    expect(key).to_have_value("SG.key-of-the-shop")
    page.locator("#connection-plus_addresses").select_option("yes")
    expect(page.locator("#connection-plus_addresses")).to_have_value("yes")
    expect(key).to_have_value("SG.key-of-the-shop")
    page.locator("#connection-form [type=submit]").click()
    first = page.locator("#connection-form [aria-invalid=true]").first
    expect(first).to_be_focused()
    expect(first).to_be_in_viewport()
    expect(key).to_have_value("SG.key-of-the-shop")
    page.locator("#connection-address").fill("support@kogane.example")
    page.locator("#connection-sender_domain").fill("mg.kogane.example")
    page.locator("#connection-signing_key").fill("signing-key-of-mailgun")
    page.locator("#connection-form [type=submit]").click()
    expect(page.locator("#connection-form details.secret")).to_have_count(2)
    stored = outside(lambda: InboxConnection.objects.get(inbox__name="メール窓口"))
    assert stored.settings["kind"] == "mailgun"
    for secret in page.locator("#connection-form [type=password]").all():
        expect(secret).to_have_value("")
