"""What every adapter promises, on what its provider has really sent.

A new channel adds its folder of `tests/payloads/` and its module of `providers`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from conversations.adapters.base import Capabilities, Connection, WebhookRequest
from conversations.adapters.failures import InvalidPayloadError, InvalidSignatureError
from conversations.adapters.registry import ADAPTERS
from conversations.choices import Channel, EventState
from conversations.inbound.tasks import process_inbox
from conversations.models import (
    Call,
    Conversation,
    Inquiry,
    Message,
    ProviderEvent,
    Reach,
)
from conversations.models.connection import InboxRefusals
from customers.models import Customer, Identity
from tests.conversations.phone import Pbx, phone_inbox_of
from tests.conversations.providers import PROVIDERS
from tests.payloads import recorded

pytestmark = pytest.mark.django_db(transaction=True)


@dataclass(frozen=True)
class Door:
    """How a provider reaches us: `post(body)`, and `forge(body)` without the key."""

    post: Callable[[bytes], Any]
    forge: Callable[[bytes], Any]
    ok: int


def _phone(account, queue) -> Door:
    pbx = Pbx(phone_inbox_of(account, queue))
    return Door(pbx.post, lambda body: pbx.post(body, key="not-the-key"), ok=202)


def _provider(channel: str, account, queue) -> Door:
    provider = PROVIDERS[channel]
    inbox = provider.connected(account, queue)
    others = {name: value[::-1] for name, value in provider.secrets.items()}
    return Door(
        lambda body: provider.post(inbox, body),
        lambda body: provider.post(inbox, body, secrets=others),
        ok=provider.ok,
    )


WITHOUT_PROVIDER = {Channel.WEBCHAT}  # our own widget: nobody posts for it
POSTED = sorted(set(ADAPTERS) - WITHOUT_PROVIDER)
CONNECTED = sorted(PROVIDERS)


def payloads(kind: str = "", channels: list[str] = POSTED):
    """Every recorded payload of every channel that a provider posts."""
    return [
        pytest.param(channel, path.read_bytes(), id=f"{channel}-{path.stem}")
        for channel in channels
        for path in recorded(channel, kind)
    ]


@pytest.fixture
def door(request, account, queue) -> Door:
    channel = request.getfixturevalue("channel")
    if channel == Channel.PHONE:
        return _phone(account, queue)
    return _provider(channel, account, queue)


def rows() -> dict[str, int]:
    models = (ProviderEvent, Call, Customer, Identity, Conversation, Inquiry, Message)
    return {model.__name__: model.objects.count() for model in (*models, Reach)}


@pytest.mark.parametrize("channel", sorted(ADAPTERS))
def test_every_adapter_says_what_it_can_carry(channel):
    capabilities = ADAPTERS[channel].capabilities
    assert isinstance(capabilities, Capabilities)
    assert (capabilities.text_limit > 0) == capabilities.can_reply


@pytest.mark.parametrize("channel", POSTED)
def test_every_channel_has_recorded_payloads_and_a_provider(channel):
    assert recorded(channel)
    assert recorded(channel, "unknown")
    assert recorded(channel, "invalid")
    assert channel in {*PROVIDERS, Channel.PHONE}


@pytest.mark.parametrize("channel", sorted({*WITHOUT_PROVIDER, Channel.PHONE}))
def test_what_no_provider_posts_is_never_believed(channel):
    adapter = ADAPTERS[channel](Connection("key"))
    with pytest.raises(InvalidSignatureError):
        adapter.verify(WebhookRequest("POST", "/", {}, {}, b"{}"))
    with pytest.raises(InvalidPayloadError):
        adapter.parse(b"{}")


@pytest.mark.parametrize(("channel", "body"), payloads())
def test_what_was_recorded_is_understood(channel, body, door):
    assert door.post(body).status_code == door.ok
    events = ProviderEvent.objects.all()
    assert {(event.state, event.reason) for event in events} == {
        (EventState.PROCESSED, "")
    }


@pytest.mark.parametrize(("channel", "body"), payloads())
def test_redelivery_adds_nothing(channel, body, door):
    door.post(body)
    once = rows()
    assert door.post(body).status_code == door.ok
    for event in ProviderEvent.objects.all():
        process_inbox(event.inbox_id)
        ProviderEvent.objects.filter(pk=event.pk).update(state=EventState.PENDING)
        process_inbox(event.inbox_id)
    assert rows() == once


@pytest.mark.parametrize(("channel", "body"), payloads() + payloads("unknown"))
def test_nothing_is_stored_for_who_has_no_key(channel, body, door):
    before = rows()
    assert door.forge(body).status_code in {401, 403}
    assert rows() == before


@pytest.mark.parametrize(("channel", "body"), payloads("several", CONNECTED))
def test_several_senders_of_one_webhook_have_a_conversation_each(channel, body, door):
    door.post(body)
    assert Conversation.objects.count() == 2
    assert Message.objects.filter(kind="text").count() == 2


@pytest.mark.parametrize(("channel", "body"), payloads("unknown"))
def test_an_event_we_do_not_use_is_kept_and_ignored(channel, body, door):
    before = rows()
    assert door.post(body).status_code == door.ok
    event = ProviderEvent.objects.get()
    assert event.state == EventState.IGNORED
    assert event.reason
    assert rows() == before | {"ProviderEvent": 1}


@pytest.mark.parametrize(("channel", "body"), payloads("invalid"))
def test_what_cannot_be_understood_is_refused_or_kept_with_its_reason(
    channel, body, door
):
    if door.post(body).status_code == 422:
        assert not ProviderEvent.objects.exists()
    else:
        event = ProviderEvent.objects.get()
        assert event.state == EventState.QUARANTINED
        assert event.reason


@pytest.mark.parametrize("channel", CONNECTED)
@pytest.mark.parametrize("body", [b"", b"{", b"[" * 5000, b"\xff\xfe\x00", b"null"])
def test_a_signed_body_that_is_no_event_waits_in_quarantine(channel, body, door):
    assert door.post(body).status_code in {door.ok, 400}
    states = set(ProviderEvent.objects.values_list("state", flat=True))
    assert states <= {EventState.QUARANTINED, EventState.IGNORED}
    assert not Message.objects.exists()


@pytest.mark.parametrize("channel", CONNECTED)
def test_forgeries_are_counted_and_nothing_else(channel, account, queue):
    provider = PROVIDERS[channel]
    inbox = provider.connected(account, queue)
    others = {name: value[::-1] for name, value in provider.secrets.items()}
    for _time in range(2):
        body = provider.write("偽物")
        assert provider.post(inbox, body, secrets=others).status_code == 403
    assert InboxRefusals.objects.get(inbox=inbox).count == 2
    assert not ProviderEvent.objects.exists()
