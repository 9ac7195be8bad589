"""Sweeps that ask providers: one reply or message that fails holds back no other."""

from datetime import timedelta

import pytest
from django.utils import timezone

from conversations.adapters.failures import SendError
from conversations.adapters.raw import RawEvent
from conversations.choices import DeliveryState, EventState
from conversations.inbound import poll
from conversations.models import Delivery, Message, ProviderEvent
from conversations.outbound import recover as recover_deliveries
from conversations.outbound import send_read_receipt as receipts
from tests.conversations.inquiries.test_each import conversation_of, failing_for
from tests.conversations.providers.sms import PROVIDER
from tests.factories.customers import IdentityFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def texts(account, queue):
    return PROVIDER.connected(account, queue)


@pytest.fixture
def deliveries(texts, account):
    """Three replies whose worker has died, of a conversation each."""
    found = []
    for number in range(3):
        conversation = conversation_of(account)
        message = Message.objects.create(
            account=account,
            conversation=conversation,
            inbox=texts,
            identity=IdentityFactory(
                account=account,
                customer=conversation.customer,
                kind="phone",
                value=f"+8190000000{number}1",
            ),
            channel="sms",
            kind="text",
            direction="outbound",
            body=str(number),
            state=DeliveryState.SENDING,
            occurred_at=timezone.now(),
        )
        found.append(
            Delivery.objects.create(
                account=account,
                inbox=texts,
                message=message,
                number=0,
                payload={"To": "+819000000000", "Body": str(number)},
                state=DeliveryState.SENDING,
                claimed_at=timezone.now() - timedelta(minutes=30),
            )
        )
    return found


def test_claims_of_dead_workers(deliveries, monkeypatch):
    poison = deliveries[0].message_id
    settle = failing_for(
        recover_deliveries.settle, lambda reply: reply.message.pk == poison
    )
    monkeypatch.setattr(recover_deliveries, "settle", settle)
    recover_deliveries.recover_claims(timezone.now())
    states = Delivery.objects.order_by("pk").values_list("state", flat=True)
    assert list(states) == ["sending", "unknown", "unknown"]


class Listing:
    """A provider that lists texts, and knows nothing of the first lost reply."""

    class capabilities:  # noqa: N801  # the adapter's name
        polls = finds_sent = True

    def __init__(self, error) -> None:
        self.error = error
        self.requested: list[str] = []

    def find_sent(self, outbound, part, *, since):
        self.requested.append(part.payload["Body"])
        if part.payload["Body"] == "0":
            raise self.error
        return []

    def poll(self, since):
        yield RawEvent("one", b"one")
        yield RawEvent("two", b"two")
        if isinstance(self.error, ValueError):
            raise self.error


@pytest.mark.parametrize(
    ("error", "requested"),
    [
        (SendError("recipient", permanent=True), ["0", "1", "2"]),
        (SendError("network", permanent=False), ["0"]),
        (ValueError("毒"), ["0", "1", "2"]),
    ],
)
def test_a_poll_stores_what_is_listed_whatever_fails(
    texts, deliveries, monkeypatch, error, requested
):
    Delivery.objects.update(state=DeliveryState.UNKNOWN)
    adapter = Listing(error)
    monkeypatch.setattr(poll, "connected", lambda inbox: adapter)
    assert len(poll.poll_inbox(texts.pk)) == 2
    assert adapter.requested == requested
    stored = ProviderEvent.objects.filter(state=EventState.PENDING)
    assert set(stored.values_list("provider_event_id", flat=True)) == {"one", "two"}
    adapter.requested.clear()
    poll.poll_inbox(texts.pk)
    assert adapter.requested == ["1", "2"]  # the first one rests


def test_read_marks(deliveries, texts, monkeypatch):
    conversation = deliveries[0].message.conversation
    for value in ("+81901111001", "+81901111002"):
        identity = IdentityFactory(
            account=conversation.account,
            customer=conversation.customer,
            kind="phone",
            value=value,
        )
        Message.objects.create(
            account=conversation.account,
            conversation=conversation,
            inbox=texts,
            identity=identity,
            channel="whatsapp",
            kind="text",
            direction="inbound",
            occurred_at=timezone.now(),
            read_at=timezone.now(),
        )
    marked = []

    def marking(message):
        if message.identity.value.endswith("1"):
            raise ValueError("毒")
        marked.append(message.identity.value)
        return True

    monkeypatch.setattr(receipts, "_send", marking)
    assert receipts.send_read_receipt(conversation.pk) == 1
    assert marked == ["+81901111002"]
