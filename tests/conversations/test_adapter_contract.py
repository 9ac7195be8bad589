"""What every adapter promises, on what its provider has really sent.

A new channel adds its folder of `tests/payloads/` and one line to DOORS.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from conversations.adapters.base import (
    CallEvent,
    Capabilities,
    InboundMessage,
    InvalidPayloadError,
    InvalidSignatureError,
    UnknownEventError,
)
from conversations.adapters.registry import ADAPTERS
from conversations.choices import Channel, EventState
from conversations.models import Call, Inquiry, Message, ProviderEvent
from conversations.tasks import process_event
from customers.models import Customer
from tests.conversations.phone import Pbx, phone_inbox_of
from tests.payloads import recorded

pytestmark = pytest.mark.django_db(transaction=True)


@dataclass(frozen=True)
class Door:
    """How a provider reaches us: `post(body)`, and `forge(body)` without the key."""

    post: Callable[[bytes], Any]
    forge: Callable[[bytes], Any]


def _phone(account, queue) -> Door:
    pbx = Pbx(phone_inbox_of(account, queue))
    return Door(pbx.post, lambda body: pbx.post(body, key="not-the-key"))


DOORS = {Channel.PHONE: _phone}
WITHOUT_PROVIDER = {Channel.WEBCHAT}  # our own widget: nobody posts for it
POSTED = sorted(set(ADAPTERS) - WITHOUT_PROVIDER)


def payloads(kind: str = ""):
    """Every recorded payload of every channel that a provider posts."""
    return [
        pytest.param(channel, path.read_bytes(), id=f"{channel}-{path.stem}")
        for channel in POSTED
        for path in recorded(channel, kind)
    ]


@pytest.fixture
def door(request, account, queue) -> Door:
    return DOORS[request.getfixturevalue("channel")](account, queue)


def rows() -> dict[str, int]:
    models = (ProviderEvent, Call, Customer, Inquiry, Message)
    return {model.__name__: model.objects.count() for model in models}


@pytest.mark.parametrize("channel", sorted(ADAPTERS))
def test_every_adapter_says_what_it_can_carry(channel):
    capabilities = ADAPTERS[channel].capabilities
    assert isinstance(capabilities, Capabilities)
    assert (capabilities.text_limit > 0) == capabilities.can_reply


@pytest.mark.parametrize("channel", POSTED)
def test_every_channel_has_recorded_payloads_and_a_door(channel):
    assert recorded(channel)
    assert recorded(channel, "unknown")
    assert recorded(channel, "invalid")
    assert channel in DOORS


@pytest.mark.parametrize("channel", sorted(WITHOUT_PROVIDER))
def test_what_no_provider_posts_is_never_believed(channel):
    adapter = ADAPTERS[channel]()
    with pytest.raises(InvalidSignatureError):
        adapter.verify({}, b"{}", "secret")
    with pytest.raises(InvalidPayloadError):
        adapter.parse(b"{}")


@pytest.mark.parametrize(("channel", "body"), payloads())
def test_what_was_recorded_is_understood(channel, body, door):
    parsed = ADAPTERS[channel]().parse(body)
    assert parsed
    assert all(isinstance(one, InboundMessage | CallEvent) for one in parsed)
    assert door.post(body).status_code == 202
    event = ProviderEvent.objects.get()
    assert bytes(event.body) == body
    assert (event.state, event.reason) == (EventState.PROCESSED, "")


@pytest.mark.parametrize(("channel", "body"), payloads())
def test_redelivery_adds_nothing(channel, body, door):
    door.post(body)
    once = rows()
    assert door.post(body).status_code == 202
    process_event(ProviderEvent.objects.get().pk)
    assert rows() == once


@pytest.mark.parametrize(("channel", "body"), payloads() + payloads("unknown"))
def test_nothing_is_stored_for_who_has_no_key(channel, body, door):
    before = rows()
    assert door.forge(body).status_code in {401, 403}
    assert rows() == before


@pytest.mark.parametrize(("channel", "body"), payloads("unknown"))
def test_an_event_we_do_not_use_is_kept_and_ignored(channel, body, door):
    with pytest.raises(UnknownEventError):
        ADAPTERS[channel]().parse(body)
    before = rows()
    assert door.post(body).status_code == 202
    event = ProviderEvent.objects.get()
    assert event.state == EventState.IGNORED
    assert event.reason
    assert rows() == before | {"ProviderEvent": 1}


@pytest.mark.parametrize(("channel", "body"), payloads("invalid"))
def test_what_cannot_be_understood_is_refused_or_kept_with_its_reason(
    channel, body, door
):
    with pytest.raises(InvalidPayloadError):
        ADAPTERS[channel]().parse(body)
    if door.post(body).status_code == 422:
        assert not ProviderEvent.objects.exists()
    else:
        event = ProviderEvent.objects.get()
        assert event.state == EventState.QUARANTINED
        assert event.reason
