"""A provider's template: what is typed into its fields is a draft like any other."""

from dataclasses import asdict
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from conversations.adapters.provider_template import ProviderTemplate, TemplateVariable
from conversations.models import Conversation, Draft, InboxConnection, Reach
from tests.browser.conftest import outside
from tests.conversations.providers import PROVIDERS, whatsapp
from tests.waiting import until


def template(name: str, body: str, *gaps: str) -> dict[str, Any]:
    variables = [TemplateVariable("body", gap) for gap in gaps]
    return asdict(ProviderTemplate(name, "ja", body, variables=variables))


@pytest.fixture
def conversation(account, queue) -> Conversation:
    """A customer to whom only a template may go."""
    provider = PROVIDERS["whatsapp"]
    inbox = provider.connected(account, queue)
    outside(lambda: provider.post(inbox, whatsapp.write("在庫は")))
    Reach.objects.update(last_heard_at=timezone.now() - timedelta(hours=25))
    offered = [
        template("shipping", "{{1}} 様、{{2}} を発送しました。", "1", "2"),
        template("thanks", "ありがとうございました。"),
    ]
    InboxConnection.objects.update(facts={"templates": offered})
    return Conversation.objects.get()


@pytest.fixture
def page(signed_in, agent, conversation) -> Page:
    page = signed_in(agent)
    page.goto(f"/conversations/{conversation.pk}/")
    expect(page.locator("#composer-template")).to_be_visible()
    return page


def stored() -> list[str]:
    """What the draft has of the template's fields."""
    drafts = list(Draft.objects.values_list("beside", flat=True))
    return drafts[0].get("values", []) if drafts else []


def test_what_fills_a_template_is_there_again_after_a_reload(page):
    page.locator("#composer-template").select_option("shipping|ja")
    page.locator("#composer-variable_1").fill("中村")
    page.locator("#composer-variable_2").fill("A-1001")
    until(lambda: stored() == ["中村", "A-1001"])
    page.reload()
    expect(page.locator("#composer-variable_2")).to_have_value("A-1001")
    expect(page.locator("#composer-template")).to_have_value("shipping|ja")
    expect(page.locator(".template-box__preview")).to_contain_text(
        "中村 様、A-1001 を発送しました。"
    )
    page.locator("#composer-template").select_option("thanks|ja")
    until(lambda: stored() == [])
    page.reload()
    expect(page.locator(".template-box__preview")).to_contain_text("ありがとう")
    assert stored() == []
