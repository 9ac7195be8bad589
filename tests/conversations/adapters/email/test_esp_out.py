"""Replies through SendGrid, Mailgun and Amazon, over HTTP to what answers as they do."""

import base64
from types import SimpleNamespace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from conversations.adapters.base import Connection
from conversations.adapters.email.simulator.provider import EspSimulator
from conversations.adapters.email.token import read_token
from conversations.adapters.simulation.base import Fault
from conversations.adapters.simulation.wire import Answer
from conversations.choices import DeliveryState, FailureCode
from conversations.connections.connection import connection_of
from conversations.models import DeliveryAttempt, Message
from conversations.simulators.server import served
from tests.conversations.adapters.email.esp_refusals import REFUSALS
from tests.conversations.adapters.email.mailbox import delivery_of, sent
from tests.conversations.providers.email import CUSTOMER

pytestmark = pytest.mark.django_db

DOT = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
ESPS = {
    "sendgrid": ({}, {"api_key": "sendgrid-key"}),
    "mailgun": ({"sender_domain": "mg.kogane.example"}, {"api_key": "mailgun-key"}),
    "ses": (
        {"access_key_id": "AKIDEXAMPLE", "region": "ap-northeast-1"},
        {"secret_access_key": "amazon-key"},
    ),
    "postmark": ({}, {}),
}
every_esp = pytest.mark.parametrize("kind", ESPS)


@pytest.fixture
def providers(box, settings, monkeypatch):
    """They take what `box` sends; Postmark brings the mail that is answered."""
    known: list[Connection] = []
    monkeypatch.setattr(EspSimulator, "post_event", lambda *_a, **_k: 200)
    simulated = EspSimulator(lambda: known)
    with served({"email": simulated}) as address:
        settings.SIMULATOR_URL = address
        box.inbox.connection.is_simulated = True
        box.inbox.connection.save(update_fields=["is_simulated"])

        def received(kind, **more) -> Message:
            message = box.get(**more)
            names, secrets = ESPS[kind]
            box.set(kind=kind, **names)
            box.secret(**secrets)
            known[:] = [connection_of(box.inbox)]
            return message

        taken = simulated.taken
        yield SimpleNamespace(received=received, taken=taken, simulated=simulated)


def attach(agent, conversation, name, content, kind) -> str:
    """The key of a file that waits in the composer."""
    http = Client()
    http.force_login(agent.user)
    file = SimpleUploadedFile(name, content, kind)
    answer = http.post(
        reverse("desk:upload", args=[conversation.pk]), {"file": file, "kind": "reply"}
    )
    assert answer.status_code == 201
    return answer.json()["key"]


@every_esp
def test_all_of_a_reply_survives_the_providers_interface(box, agent, providers, kind):
    message = providers.received(
        kind, subject="在庫①について", message_id="q1@mail.example.jp"
    )
    box.set(plus_addresses="yes")
    picture = attach(agent, message.conversation, "図.png", DOT, "image/png")
    paper = attach(
        agent, message.conversation, "見積書.pdf", b"%PDF-1.4 x", "text/plain"
    )
    answer = box.reply(
        agent,
        "在庫がございます。①㈱😀",
        html=f'<p><b>在庫</b><img src="cid:{picture}@agentdesk"></p>',
        cc="太郎 <taro@example.jp>",
        bcc="boss@kogane.example",
        file=[picture, paper],
    )
    assert answer.status_code == 201
    (mail,) = providers.taken
    ours = sent(message.conversation)
    assert ours.state == DeliveryState.SENT
    assert CUSTOMER in mail.people["to"][0]
    assert "taro@example.jp" in mail.people["cc"][0]
    assert mail.people["bcc"] == ("boss@kogane.example",)
    assert mail.subject == "Re: 在庫①について"
    assert mail.text.startswith("在庫がございます。①㈱😀")
    assert "> 届きません" in mail.text
    assert f'src="cid:{picture}@agentdesk"' in mail.html
    assert "<b>在庫</b>" in mail.html
    assert "boss@" not in str(mail.fields)
    assert (
        mail.field("Message-ID").strip("<>") in delivery_of(ours).provider_message_ids
    )
    assert mail.field("In-Reply-To") == "<q1@mail.example.jp>"
    assert "<q1@mail.example.jp>" in mail.field("References")
    token = mail.field("Reply-To").partition("support+")[2].partition("@")[0]
    assert read_token(token).number == message.inquiry_id
    inline, attached = sorted(mail.files, key=lambda one: not one[2])
    assert inline[1:] == (DOT, f"{picture}@agentdesk")
    assert attached == ("見積書.pdf", b"%PDF-1.4 x", "")


@pytest.mark.parametrize(
    ("kind", "fault", "failure", "words"),
    [
        ("sendgrid", 401, "credentials", "The provided authorization grant is invalid"),
        ("mailgun", 401, "credentials", "Forbidden"),
        ("ses", 403, "credentials", "security token included in the request"),
        ("postmark", 401, "credentials", "Bad or missing server API token"),
    ],
)
def test_a_wrong_key_is_a_matter_of_the_sign_in(
    box, agent, providers, client_of, kind, fault, failure, words
):
    message = providers.received(kind)
    box.set(access_key_id="AKIDOTHER")
    box.secret(api_key="wrong", server_token="wrong", secret_access_key="wrong")
    box.reply(agent)
    ours = sent(message.conversation)
    assert (ours.state, ours.failure) == (DeliveryState.FAILED, failure)
    attempt = DeliveryAttempt.objects.get()
    assert attempt.status == fault
    assert words in attempt.detail
    page = client_of(agent).get(f"/conversations/{message.conversation_id}/")
    assert str(FailureCode(failure).label) in page.content.decode()


@pytest.mark.parametrize(
    ("kind", "answer", "failure", "words"),
    REFUSALS,
)
def test_what_is_refused_for_good_says_why_and_leaves_nothing_behind(
    box, agent, providers, client_of, monkeypatch, kind, answer, failure, words
):
    message = providers.received(kind)
    monkeypatch.setattr(providers.simulated, "answer", lambda _request: answer)
    box.reply(agent)
    ours = sent(message.conversation)
    assert (ours.state, ours.failure) == (DeliveryState.FAILED, failure)
    assert words in DeliveryAttempt.objects.get().detail
    page = client_of(agent).get(f"/conversations/{message.conversation_id}/")
    assert str(FailureCode(failure).label) in page.content.decode()
    assert not providers.taken


@every_esp
def test_what_was_refused_can_be_sent_again(
    box, agent, providers, client_of, kind, monkeypatch
):
    message = providers.received(kind)
    no = Answer.json({"message": "not today", "ErrorCode": 999}, status=400)
    with monkeypatch.context() as for_once:
        for_once.setattr(providers.simulated, "answer", lambda _request: no)
        box.reply(agent)
    ours = sent(message.conversation)
    assert (ours.state, ours.failure) == (DeliveryState.FAILED, FailureCode.REFUSED)
    with box.committing(execute=True):
        path = reverse("desk:resend", args=[ours.conversation_id, ours.pk])
        assert client_of(agent).post(path).status_code == 200
    assert len(providers.taken) == 1
    assert sent(message.conversation).state == DeliveryState.SENT


@every_esp
def test_too_much_at_once_is_tried_again_after_the_time_they_say(
    box, agent, providers, kind
):
    message = providers.received(kind)
    providers.simulated.faults.append(Fault(status=429, retry_after=120))
    box.reply(agent)
    ours = sent(message.conversation)
    assert (ours.state, ours.failure) == (DeliveryState.QUEUED, FailureCode.RATE)
    waits = delivery_of(ours).next_attempt_at - DeliveryAttempt.objects.get().at
    assert 110 < waits.total_seconds() < 130
    assert not providers.taken


@every_esp
@pytest.mark.parametrize("status", [500, 503])
def test_a_fault_of_theirs_is_tried_again_only_where_nothing_was_taken(
    box, agent, providers, kind, status
):
    message = providers.received(kind)
    providers.simulated.faults.append(Fault(status=status))
    box.reply(agent)
    ours = sent(message.conversation)
    is_known = status == 503 or kind in {"mailgun", "ses"}
    expected = DeliveryState.QUEUED if is_known else DeliveryState.UNKNOWN
    assert (ours.state, ours.failure) == (expected, FailureCode.PROVIDER)
    assert not providers.taken


@every_esp
def test_a_connection_cut_after_it_was_taken_is_unknown_and_not_repeated(
    box, agent, providers, kind
):
    message = providers.received(kind)
    providers.simulated.faults.append(Fault(is_cut=True))
    box.reply(agent)
    assert sent(message.conversation).state == DeliveryState.UNKNOWN
    assert len(providers.taken) == 1


@every_esp
def test_where_nobody_answers_it_is_tried_again(box, agent, providers, kind, settings):
    message = providers.received(kind)
    settings.SIMULATOR_URL = "http://127.0.0.1:1"
    box.reply(agent)
    ours = sent(message.conversation)
    assert (ours.state, ours.failure) == (DeliveryState.QUEUED, FailureCode.NETWORK)


@every_esp
def test_a_carriers_broken_address_is_written_to(box, agent, providers, kind):
    message = providers.received(kind, sender="a..b.@docomo.ne.jp")
    box.reply(agent)
    assert [one.replace('"', "") for one in providers.taken[0].people["to"]] == [
        "a..b.@docomo.ne.jp"
    ]
    ours = sent(message.conversation)
    assert ours.state == DeliveryState.SENT
    assert len(delivery_of(ours).provider_message_ids) >= 2
