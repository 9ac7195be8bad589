"""A conversation with the simulated provider, over HTTP in both directions."""

from types import SimpleNamespace

import pytest

from conversations.adapters.email.simulator.provider import EspSimulator
from conversations.connections.connection import connection_of
from conversations.models import Message
from conversations.simulators.server import served
from tests.conversations.adapters.email.mailbox import sent

pytestmark = pytest.mark.django_db


@pytest.fixture
def simulator(box, settings, monkeypatch):
    """What it posts comes in by the front door of this very process."""
    known = [connection_of(box.inbox)]
    simulated = EspSimulator(lambda: known)
    late = []

    def post(_self, _connection, body, **_more):
        late.append(body)
        return 200

    monkeypatch.setattr(EspSimulator, "post_event", post)
    with served({"email": simulated}) as address:
        settings.SIMULATOR_URL = address
        box.inbox.connection.is_simulated = True
        box.inbox.connection.save(update_fields=["is_simulated"])

        def deliver():
            while late:
                box.post(late.pop(0))

        def write(kind, text, person="1"):
            simulated.write(known[0], person, kind, text)
            deliver()

        lines = simulated.lines_of
        yield SimpleNamespace(deliver=deliver, write=write, lines=lines)


def test_a_customer_writes_is_answered_and_answers_again(box, agent, simulator):
    simulator.write("html", "在庫はありますか")
    box.set(plus_addresses="yes")
    assert box.reply(agent, "ございます").status_code == 201
    simulator.deliver()
    first = Message.objects.get(direction="inbound")
    assert sent(first.conversation).state == "delivered"
    assert simulator.lines("1")[-1].text.startswith("Re: 在庫はありますか\nございます")
    simulator.write("text", "では一つ")
    again = Message.objects.filter(direction="inbound").latest("pk")
    assert (again.body, again.inquiry) == ("では一つ", first.inquiry)


def test_an_address_that_bounces_fails_the_reply(box, agent, simulator):
    simulator.write("text", "はい", person="bounce@example.jp")
    box.reply(agent, "届きますか")
    simulator.deliver()
    message = sent(Message.objects.get(direction="inbound").conversation)
    assert (message.state, message.failure) == ("failed", "recipient")


def test_a_wrong_token_is_a_matter_of_the_sign_in(box, agent, simulator):
    simulator.write("text", "はい")
    box.secret(server_token="wrong")
    box.reply(agent, "届きますか")
    message = sent(Message.objects.get(direction="inbound").conversation)
    assert (message.state, message.failure) == ("failed", "credentials")
