"""In the demo an admin connects an inbox to a simulated provider, by the same steps."""

import re

import pytest
from django.urls import reverse
from django.utils import timezone

from conversations.adapters.line.simulator.api import LineSimulator
from conversations.models import Inbox, InboxConnection
from conversations.simulators.registry import simulated
from tests.factories.accounts import MembershipFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(account, client_of):
    return client_of(MembershipFactory(account=account, role="admin"))


@pytest.fixture
def make(account, queue, admin):
    def making(channel="line", **more) -> Inbox:
        path = reverse("settings_desk:inbox-new", args=[account.slug])
        answer = admin.post(path, {"channel": channel, "name": "試しの窓口", **more})
        assert answer.status_code == 200, answer.content.decode()
        return Inbox.objects.select_related("connection").get(name="試しの窓口")

    return making


def page(admin, account, inbox) -> str:
    path = reverse("settings_desk:inbox", args=[account.slug, inbox.pk])
    return admin.get(path).content.decode()


def test_the_values_to_paste_are_shown(make, admin, account, settings):
    settings.DEMO = True
    inbox = make(is_simulated="1")
    shown = page(admin, account, inbox)
    assert inbox.connection.is_simulated
    for value in LineSimulator.demo(inbox.pk).values():
        assert value in shown


def test_they_stand_in_the_order_of_the_form(make, admin, account, settings):
    settings.DEMO = True
    shown = page(admin, account, make("whatsapp", is_simulated="1"))
    facts, form = shown.split('id="connection-form"')
    labels = re.findall(r"<dt>(.*?)</dt>", facts)
    places = [form.index(f">{label}") for label in labels]
    assert len(places) == 6
    assert places == sorted(places)


def test_an_address_is_told_how_it_begins(make, admin, account):
    inbox = make()
    path = reverse("settings_desk:connection-field", args=[account.slug, inbox.pk])
    typed = {"account_link_url": "www.kogane.example/link"}
    answer = admin.post(f"{path}?name=account_link_url", typed)
    assert "https:// で始まる" in answer.content.decode()
    assert "もう一度コピー" not in answer.content.decode()


def test_a_real_provider_can_be_connected_in_the_demo_too(
    make, admin, account, settings
):
    settings.DEMO = True
    inbox = make()
    assert not inbox.connection.is_simulated
    assert "demo-values" not in page(admin, account, inbox)


def test_nothing_is_simulated_outside_the_demo(make, admin, account):
    new = admin.get(reverse("settings_desk:inbox-new", args=[account.slug]))
    assert "is_simulated" not in new.content.decode()
    assert not make(is_simulated="1").connection.is_simulated


def paste(admin, account, inbox, **values):
    path = reverse("settings_desk:connection", args=[account.slug, inbox.pk])
    answer = admin.post(path, values)
    assert answer.status_code == 200, answer.content.decode()


def test_the_provider_knows_only_who_has_what_it_shows(make, admin, account, settings):
    settings.DEMO = True
    inbox = make(is_simulated="1")
    shown = LineSimulator.demo(inbox.pk)
    paste(admin, account, inbox, **shown | {"channel_access_token": "another" * 5})
    assert simulated("line") == []
    paste(admin, account, inbox, **shown | {"channel_secret": "0" * 32})
    [known] = simulated("line")
    assert known.secrets["channel_secret"] == shown["channel_secret"]  # it signs so


def test_what_the_provider_is_not_asked_about_voids_no_check(
    make, admin, account, settings
):
    settings.DEMO = True
    inbox = make(is_simulated="1")
    paste(admin, account, inbox, **LineSimulator.demo(inbox.pk))
    InboxConnection.objects.update(checked_at=timezone.now())
    paste(admin, account, inbox, account_link_url="https://shop.example.jp/line/")
    assert InboxConnection.objects.get().checked_at is not None
    paste(admin, account, inbox, channel_secret="1" * 32)
    assert InboxConnection.objects.get().checked_at is None


def test_an_inbox_of_the_demo_is_shown_the_values_it_has(
    make, admin, account, settings
):
    settings.DEMO = True
    inbox = make(is_simulated="1")
    paste(admin, account, inbox, **LineSimulator.demo(2))
    shown = page(admin, account, inbox)
    assert LineSimulator.demo(2)["channel_access_token"] in shown
    assert LineSimulator.demo(inbox.pk)["channel_access_token"] not in shown


def test_the_page_to_write_on_is_that_of_the_inbox(make, admin, account, settings):
    settings.DEMO, settings.SIMULATOR_URL = True, "http://127.0.0.1:1"
    inbox = make(is_simulated="1")
    link = f'href="http://127.0.0.1:1/line/?inbox={inbox.key}"'
    assert link in page(admin, account, inbox)


def test_a_mailbox_we_fetch_from_asks_for_no_webhook(make, admin, account):
    inbox = make("email")
    assert 'id="step-webhook" hidden' in page(admin, account, inbox)
    assert 'href="#step-webhook"' not in page(admin, account, inbox)
    path = reverse("settings_desk:connection", args=[account.slug, inbox.pk])
    given = {"kind": "postmark", "address": "support@example.jp"}
    secrets = {"webhook_secret": "a-word-of-ours-1", "server_token": "a" * 36}
    answer = admin.post(path, given | secrets)
    steps = answer.content.decode()
    assert answer.status_code == 200, steps
    assert 'id="step-webhook" hx-swap-oob="true"' in steps
    assert f"/hooks/{inbox.key}/" in steps
    assert 'href="#step-webhook"' in page(admin, account, inbox)
