"""Whatever comes together on the way of a reply: nothing is lost, and nothing hangs."""

from datetime import timedelta
from threading import Barrier
from uuid import uuid4

import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone

from agentdesk.jobs.registry import sweep_of
from conversations.adapters.base import Part, Sent
from conversations.adapters.events import (
    Address,
    DeliveryUpdate,
    Edit,
    Person,
    Reaction,
    Unsend,
)
from conversations.adapters.failures import SendError
from conversations.adapters.registry import ADAPTERS
from conversations.inbound.receipts import apply_delivery_update
from conversations.inbound.updates import (
    apply_edit,
    apply_reaction,
    apply_unsend,
)
from conversations.models import Delivery, Message
from conversations.outbound import tasks
from conversations.outbound.deliver import deliver
from tests.conversations.at_once import at_once, meeting_at
from tests.conversations.providers.whatsapp import PROVIDER, status
from tests.factories.changes import earlier_texts_of, reactions_of

pytestmark = pytest.mark.django_db(transaction=True)


class Requests:
    """What stands in for the provider's API: ids that count up, or what is put first."""

    def __init__(self):
        self.ids, self.before, self.errors = [], {}, []

    def send(self, _adapter, _outbound, part, *, key):
        wait = self.before.get(part.payload["n"])
        if wait:
            wait()
        if self.errors:
            raise self.errors.pop(0)
        self.ids.append(f"wamid.{uuid4().hex}")
        return Sent([self.ids[-1]], facts={"via": "api"})


@pytest.fixture
def requests(monkeypatch) -> Requests:
    requests = Requests()
    monkeypatch.setattr(
        ADAPTERS["whatsapp"],
        "plan",
        lambda _self, outbound: [Part({"n": n}) for n in range(len(outbound.body))],
    )
    monkeypatch.setattr(
        ADAPTERS["whatsapp"], "send", lambda *a, **k: requests.send(*a, **k)
    )
    return requests


@pytest.fixture
def inbox(account, queue):
    return PROVIDER.connected(account, queue, api=True)


@pytest.fixture
def conversation(inbox):
    assert PROVIDER.post(inbox, PROVIDER.write("届きません")).status_code == 200
    return Message.objects.get(kind="text").conversation


@pytest.fixture
def reply(agent, conversation):
    """Writes one, a request for each of its letters; its message."""

    def written(text: str) -> Message:
        client_id = str(uuid4())
        http = Client()
        http.force_login(agent.user)
        fields = {"kind": "reply", "body": text, "client_id": client_id}
        path = f"/conversations/{conversation.pk}/compose/"
        assert http.post(path, fields).status_code == 201
        return Message.objects.get(client_id=client_id)

    return written


def receipt(inbox, state, provider_id, **more):
    update = DeliveryUpdate(provider_id, state, timezone.now(), **more)

    def received():
        with transaction.atomic():
            apply_delivery_update(inbox, update, received_at=timezone.now())

    return received


def test_a_receipt_of_part_one_while_part_two_is_accepted(requests, inbox, reply):
    for _round in range(4):
        both = Barrier(2)
        first: list[str] = []

        def part_two(both=both, first=first):
            first.append(requests.ids[-1])
            both.wait(20)

        def delivered(both=both, first=first):
            both.wait(20)
            body = status(first[0], "delivered")
            assert PROVIDER.post(inbox, body).status_code == 200

        requests.before[1] = part_two

        message, _ = at_once(lambda: reply("二つ"), delivered)
        message.refresh_from_db()
        states = message.deliveries.order_by("number").values_list("state", flat=True)
        assert list(states) == ["delivered", "sent"]
        assert message.state == "sent"
    requests.before.clear()
    assert reply("次").state == "sent"


def test_a_receipt_and_an_acceptance_that_meet_at_the_message(requests, inbox, reply):
    """The same, with both in the middle of their transactions for certain."""
    met = {}

    def at_part_two():
        message = Message.objects.get(state="sending")
        met["receipt"] = (message, receipt(inbox, "delivered", requests.ids[-1]))
        raise SystemExit  # the worker dies here

    requests.before[1] = at_part_two
    with pytest.raises(SystemExit):
        reply("二つ")
    message, delivered = met["receipt"]
    requests.before.clear()
    Delivery.objects.filter(message=message, number=1).update(state="queued")
    meeting_at(message, delivered, lambda: deliver(message.pk))
    message.refresh_from_db()
    assert message.state == "sent"
    assert message.data["via"] == "api"


def test_read_delivered_and_failed_together(requests, inbox, reply):
    message = reply("一")
    updates = [
        receipt(inbox, "failed", requests.ids[-1], code="refused", detail="理由"),
        receipt(inbox, "read", requests.ids[-1]),
        receipt(inbox, "delivered", requests.ids[-1]),
    ]
    meeting_at(message, *updates)
    message.refresh_from_db()
    assert message.state == message.deliveries.get().state == "read"
    assert message.failure == message.deliveries.get().failure == ""
    assert message.failure_detail == ""
    assert message.read_at is not None


def test_an_edit_a_reaction_and_a_receipt_together(requests, inbox, reply):
    message = reply("一")
    provider_id, now = requests.ids[-1], timezone.now()
    person = Person(Address("whatsapp", "819012345678"))
    edit = Edit(provider_id, "直しました", now)
    reaction = Reaction(person, provider_id, "👍", now)
    meeting_at(
        message,
        lambda: apply_edit(inbox, edit, received_at=now),
        lambda: apply_reaction(inbox, reaction, received_at=now),
        receipt(inbox, "failed", provider_id, code="refused", detail="理由"),
    )
    message.refresh_from_db()
    assert message.state == "failed"
    assert message.body == "直しました"
    assert reactions_of(message) == {"customer": "👍"}
    assert earlier_texts_of(message) == ["一"]
    assert message.failure_detail == "理由"
    assert message.data["via"] == "api"


def test_what_is_taken_back_stays_empty_whatever_receipt_comes(requests, inbox, reply):
    message = reply("一")
    provider_id, now = requests.ids[-1], timezone.now()
    meeting_at(
        message,
        receipt(inbox, "delivered", provider_id),
        lambda: apply_unsend(inbox, Unsend(provider_id, now), received_at=now),
    )
    message.refresh_from_db()
    assert (message.state, message.body, message.data) == ("delivered", "", {})
    assert message.removed_at is not None


@pytest.fixture
def again(agent):
    """Sends a reply once more, as its agent does."""

    def resent(message: Message) -> int:
        http = Client()
        http.force_login(agent.user)
        path = f"/conversations/{message.conversation_id}/messages/{message.pk}/resend/"
        return http.post(path).status_code

    return resent


def test_a_late_failure_does_not_fail_what_is_sent_anew(requests, inbox, reply, again):
    message = reply("一")
    first = requests.ids[-1]
    receipt(inbox, "failed", first, code="provider")()
    late = receipt(inbox, "failed", first, code="provider", detail="もう一度")
    status_code, _ = meeting_at(message, lambda: again(message), late)
    assert status_code == 200
    message.refresh_from_db()
    assert message.state == "sent"
    assert message.deliveries.get().provider_message_ids == [requests.ids[-1]]
    assert len(requests.ids) == 2


def test_a_late_arrival_is_true_of_what_is_being_sent_anew(
    requests, inbox, reply, again
):
    message = reply("一")
    first = requests.ids[-1]
    receipt(inbox, "failed", first, code="provider")()
    requests.before[0] = receipt(inbox, "delivered", first)
    assert again(message) == 200
    message.refresh_from_db()
    assert message.state == "delivered"
    assert message.deliveries.get().provider_message_ids == [requests.ids[-1]]


def test_a_request_that_fails_after_an_earlier_one_arrived_fails_nothing(
    requests, inbox, reply, again
):
    message = reply("一")
    first = requests.ids[-1]
    receipt(inbox, "failed", first, code="provider")()
    requests.before[0] = receipt(inbox, "delivered", first)
    requests.errors = [SendError("refused", permanent=True)]
    assert again(message) == 200
    message.refresh_from_db()
    assert (message.state, message.failure) == ("delivered", "")


def test_a_worker_that_died_between_two_parts_is_succeeded(
    requests, reply, time_machine
):
    """Part one is taken, part two not begun: the reply would wait for ever."""

    def die():
        raise SystemExit

    requests.before[1] = die
    with pytest.raises(SystemExit):
        reply("二つ")
    message = Message.objects.get(state="sending")
    Delivery.objects.filter(message=message, number=1).update(state="queued")
    Message.objects.filter(pk=message.pk).update(state="sending")
    requests.before.clear()
    time_machine.move_to(timezone.now() + timedelta(seconds=10))
    sweep_of(tasks.deliver)()
    message.refresh_from_db()
    assert message.state == "sent"


def test_what_an_earlier_version_left_unsettled_blocks_nobody(
    requests, reply, time_machine
):
    message = reply("一")
    Message.objects.filter(pk=message.pk).update(state="sending")
    behind = reply("後")
    assert behind.state == "queued"
    time_machine.move_to(timezone.now() + timedelta(seconds=10))
    sweep_of(tasks.deliver)()
    states = Message.objects.filter(pk__in=[message.pk, behind.pk])
    assert set(states.values_list("state", flat=True)) == {"sent"}
