"""How a reply leaves by a provider, on every channel that has one."""

import json
import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone
from werkzeug import Response

from agentdesk.jobs.registry import sweep_of
from conversations.adapters.registry import ADAPTERS
from conversations.choices import DeliveryState
from conversations.models import Delivery, DeliveryAttempt, Message
from conversations.outbound import deliver as delivering
from conversations.outbound.tasks import deliver
from tests.conversations.providers import PROVIDERS

pytestmark = pytest.mark.django_db(transaction=True)
CONNECTED = sorted(PROVIDERS)
ANY = re.compile(".*")


@pytest.fixture
def provider(channel, httpserver, settings):
    settings.SIMULATOR_URL = httpserver.url_for("").rstrip("/")
    return PROVIDERS[channel]


@pytest.fixture
def conversation(provider, account, queue):
    inbox = provider.connected(account, queue, api=True)
    assert provider.post(inbox, provider.write("届きません")).status_code == provider.ok
    return Message.objects.get(kind="text").conversation


def reply(agent, conversation, text="ただいま確認いたします。", **more):
    http = Client()
    http.force_login(agent.user)
    return http.post(
        f"/conversations/{conversation.pk}/compose/",
        {"kind": "reply", "body": text, "client_id": str(uuid4()), **more},
    )


def answers(httpserver, *answers_given):
    """What the provider answers, one after the other; the last again and again."""
    queue = list(answers_given)

    def answer(request):
        status, value = queue.pop(0) if len(queue) > 1 else queue[0]
        if isinstance(value, Response):
            return value
        return Response(json.dumps(value), status, content_type="application/json")

    httpserver.expect_request(ANY).respond_with_handler(answer)


def sent_message():
    return Message.objects.get(kind="text", direction="outbound")


@pytest.mark.parametrize("channel", CONNECTED)
def test_a_reply_leaves_once_with_the_providers_id(
    channel, provider, conversation, agent, httpserver
):
    answers(httpserver, provider.accepted)
    assert reply(agent, conversation).status_code == 201
    message = sent_message()
    assert message.state == DeliveryState.SENT
    assert message.provider_message_id == provider.message_ids[0]
    requests = len(httpserver.log)
    sweep_of(deliver)()
    delivering.deliver(message.pk)
    assert len(httpserver.log) == requests
    assert DeliveryAttempt.objects.filter(outcome="accepted").exists()


@pytest.mark.parametrize("channel", CONNECTED)
def test_what_the_provider_refuses_is_failed_with_its_reason(
    channel, provider, conversation, agent, httpserver
):
    answers(httpserver, provider.refused)
    reply(agent, conversation)
    message = sent_message()
    assert message.state == DeliveryState.FAILED
    assert message.failure
    sweep_of(deliver)()
    assert DeliveryAttempt.objects.count() == 1


@pytest.mark.parametrize("channel", CONNECTED)
def test_too_many_requests_wait_as_long_as_the_provider_says(
    channel, provider, conversation, agent, httpserver, time_machine
):
    busy = Response("{}", 429, {"Retry-After": "120"}, content_type="application/json")
    answers(httpserver, (429, busy), provider.accepted)
    reply(agent, conversation)
    message = sent_message()
    assert message.state == DeliveryState.QUEUED
    now = timezone.now()
    time_machine.move_to(now + timedelta(seconds=60))
    sweep_of(deliver)()
    assert sent_message().state == DeliveryState.QUEUED
    time_machine.move_to(now + timedelta(seconds=125))
    sweep_of(deliver)()
    assert sent_message().state == DeliveryState.SENT


@pytest.mark.parametrize("channel", CONNECTED)
def test_replies_leave_in_the_order_they_were_written(
    channel, provider, conversation, agent, httpserver, time_machine
):
    busy = Response("{}", 429, content_type="application/json")
    answers(httpserver, (429, busy), provider.accepted)
    reply(agent, conversation, "一つ目")
    reply(agent, conversation, "二つ目")
    first, second = Message.objects.filter(direction="outbound").order_by("pk")
    assert (first.state, second.state) == ("queued", "queued")
    time_machine.move_to(timezone.now() + timedelta(minutes=2))
    sweep_of(deliver)()
    one, two = (Delivery.objects.get(message=message) for message in (first, second))
    assert one.settled_at < two.settled_at
    states = Message.objects.filter(direction="outbound").values_list(
        "state", flat=True
    )
    assert set(states) == {"sent"}


@pytest.mark.parametrize("channel", CONNECTED)
def test_what_a_dead_worker_left_is_sent_again_only_where_that_is_safe(
    channel, provider, conversation, agent, httpserver, time_machine
):
    answers(httpserver, provider.accepted)
    reply(agent, conversation)
    message = sent_message()
    long_ago = timezone.now() - timedelta(minutes=10)
    Delivery.objects.filter(message=message).update(
        state="sending", claimed_at=long_ago
    )
    Message.objects.filter(pk=message.pk).update(state="sending")
    is_keyed = Delivery.objects.get(message=message).is_keyed
    requests = len(httpserver.log)
    sweep_of(deliver)()
    message = sent_message()
    if is_keyed:
        keys = {str(request.headers) for request, _answer in httpserver.log}
        assert message.state == DeliveryState.SENT
        assert len(httpserver.log) == requests + 1
        assert keys
    else:
        assert message.state == DeliveryState.UNKNOWN
        assert len(httpserver.log) == requests


@pytest.mark.parametrize("channel", ["line"])
@pytest.mark.parametrize(("where", "state"), [("plan", "failed"), ("send", "unknown")])
def test_a_fault_of_our_own_is_shown_and_never_tried_for_ever(
    channel, where, state, provider, conversation, agent, monkeypatch
):
    def broken(*_args, **_more):
        raise KeyError("ours")

    monkeypatch.setattr(ADAPTERS[channel], where, broken)
    reply(agent, conversation)
    message = sent_message()
    assert (message.state, message.failure) == (state, "given_up")
    sweep_of(deliver)()
    assert sent_message().state == state
