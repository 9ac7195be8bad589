"""One app of a provider's posts to one address, for every page, number and account."""

import json

import pytest

from agentdesk import crypto as credentials
from conversations.adapters.x.simulator.people import XSimulator
from conversations.choices import EventState, InboxState
from conversations.connections.connection import adapter_of
from conversations.connections.renew_secrets import connected
from conversations.models import InboxConnection, Message, ProviderEvent
from conversations.simulators.server import served
from tests.conversations.meta import simulated
from tests.conversations.providers import PROVIDERS, instagram, messenger, whatsapp, x
from tests.conversations.providers.meta import encoded
from tests.conversations.x import fresh, stored
from tests.factories.accounts import ClientAccountFactory

pytestmark = pytest.mark.django_db(transaction=True)
SECOND = "778899001122334"
ELSE = "990011223344556"
SECOND_TOKENS = {"access_token": "second-access", "refresh_token": "second-refresh"}


def pages(of, *accounts):
    """One request with a message for each of them."""
    entries = [
        json.loads(of.write(f"{account} へ", sender=f"55238{number}"))["entry"][0]
        | {"id": account}
        for number, account in enumerate(accounts)
    ]
    about = "instagram" if of is instagram else "page"
    return encoded({"object": about, "entry": entries})


def numbers(_of, *accounts):
    changes = []
    for number, account in enumerate(accounts):
        payload = json.loads(
            whatsapp.write(f"{account} へ", sender=f"8190123456{number}")
        )
        change = payload["entry"][0]["changes"][0]
        change["value"]["metadata"]["phone_number_id"] = account
        changes.append(change)
    entry = {"id": whatsapp.ACCOUNT, "changes": changes}
    return encoded({"object": "whatsapp_business_account", "entry": [entry]})


def second(first, **more):
    """Another inbox of the same app, with an account of its own."""
    provider = PROVIDERS[first.channel]
    inbox = provider.connected(first.account, first.queue, **more)
    name = adapter_of(inbox).account
    InboxConnection.objects.filter(pk=inbox.pk).update(
        settings={**provider.settings, name: SECOND}
    )
    return inbox


@pytest.mark.parametrize(
    ("of", "body_of", "own"),
    [
        (messenger, pages, messenger.PAGE),
        (instagram, pages, instagram.ACCOUNT),
        (whatsapp, numbers, whatsapp.NUMBER_ID),
    ],
    ids=["messenger", "instagram", "whatsapp"],
)
def test_each_inbox_of_an_app_gets_what_is_its_own(account, queue, of, body_of, own):
    provider = of.PROVIDER
    inbox = provider.connected(account, queue)
    other = second(inbox)
    body = body_of(of, own, SECOND, ELSE)
    for _time in range(2):
        assert provider.post(inbox, body).status_code == 200
    received = Message.objects.filter(kind="text").order_by("inbox_id")
    assert [(one.inbox_id, one.body) for one in received] == [
        (inbox.pk, f"{own} へ"),
        (other.pk, f"{SECOND} へ"),
    ]
    left = ProviderEvent.objects.get(state=EventState.IGNORED)
    assert left.inbox == inbox
    assert ELSE in left.reason


def test_what_is_of_a_draft_waits_there(account, queue):
    inbox = messenger.PROVIDER.connected(account, queue)
    draft = second(inbox, state=InboxState.DRAFT)
    messenger.PROVIDER.post(inbox, pages(messenger, SECOND))
    event = ProviderEvent.objects.get()
    assert (event.inbox, event.state) == (draft, EventState.HELD)
    draft.connection.refresh_from_db()
    assert draft.connection.tested_at is not None


def test_an_inbox_of_another_app_is_given_nothing(account, queue):
    """It names the page as its own, and has not signed what came."""
    inbox = messenger.PROVIDER.connected(account, queue)
    theirs = PROVIDERS["messenger"].connected(ClientAccountFactory(), None)
    InboxConnection.objects.filter(pk=theirs.pk).update(
        settings={**messenger.PROVIDER.settings, "page_id": SECOND}, secrets=""
    )
    messenger.PROVIDER.post(inbox, pages(messenger, SECOND))
    assert ProviderEvent.objects.get().inbox == inbox
    assert not Message.objects.exists()


def test_two_accounts_of_x_are_told_apart(account, queue):
    inbox = x.PROVIDER.connected(account, queue)
    other = x.PROVIDER.connected(account, queue)
    for one, own in ((inbox, x.SHOP), (other, SECOND)):
        InboxConnection.objects.filter(pk=one.pk).update(facts={"user_id": own})
    for own in (SECOND, ELSE):
        payload = json.loads(x.body_of(x.message(f"{own} へ", recipient=own)))
        x.PROVIDER.post(inbox, json.dumps({**payload, "for_user_id": own}).encode())
    message = Message.objects.get(kind="text")
    assert (message.inbox, message.body) == (other, f"{SECOND} へ")
    assert ELSE in ProviderEvent.objects.get(state=EventState.IGNORED).reason


def test_two_simulated_accounts_of_x_are_checked_and_heard_each_for_itself(
    account, queue, settings, live_server
):
    settings.PUBLIC_URL, settings.LOCAL_URL = "", live_server.url
    first, other = (x.PROVIDER.connected(account, queue, api=True) for _two in range(2))
    InboxConnection.objects.filter(pk=other.pk).update(
        settings={"client_id": "another-app"},
        secrets=credentials.seal(json.dumps({**x.PROVIDER.secrets, **SECOND_TOKENS})),
    )
    simulator = XSimulator(lambda: [fresh(first), fresh(other)])
    with served({"x": simulator}) as address:
        settings.SIMULATOR_URL = address
        for inbox in (first, other):
            user_id = connected(stored(inbox)).check().facts["user_id"]
            InboxConnection.objects.filter(pk=inbox.pk).update(
                facts={"user_id": user_id}
            )
        simulator.write_text(fresh(other), x.CUSTOMER, "二つ目へ")
    assert Message.objects.get(kind="text").inbox == other


def test_the_check_is_content_with_the_door_of_another_inbox(account, queue, settings):
    with simulated("messenger", account, queue, settings) as meta:
        other = second(meta.inbox)
        adapter = adapter_of(other)
        meta.simulator.callbacks["page"] = {
            "object": "page",
            "callback_url": adapter.connection.public_url,
            "active": True,
            "fields": [{"name": one} for one in adapter.events],
        }
        meta.inbox.refresh_from_db()
        found = adapter_of(meta.inbox).check().findings
        assert not [one for one in found if "address" in one]
        meta.simulator.callbacks["page"]["callback_url"] = "https://else.example/"
        found = adapter_of(meta.inbox).check().findings
        assert [one for one in found if "another address" in one]
