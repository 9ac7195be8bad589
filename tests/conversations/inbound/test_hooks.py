"""The door of providers: what it refuses, keeps and answers, whatever is posted."""

import json
from datetime import timedelta
from unittest.mock import patch

import pytest
from django.core.files.base import ContentFile
from django.core.signing import Signer
from django.db import IntegrityError
from django.test import Client
from django.utils import timezone

from agentdesk import crypto as credentials
from agentdesk.jobs.registry import sweep_of
from conversations.choices import EventState, InboxState
from conversations.connections.connection import outbound_address
from conversations.inbound.tasks import process_inbox
from conversations.models import Attachment, Message, ProviderEvent
from conversations.models.connection import InboxRefusals
from tests.conversations.providers import line
from tests.conversations.providers.line import PROVIDER, body_of, event, write

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def inbox(account, queue):
    return PROVIDER.connected(account, queue)


def bodies() -> list[str]:
    rows = Message.objects.filter(kind="text").order_by("occurred_at", "pk")
    return list(rows.values_list("body", flat=True))


def test_an_event_is_kept_before_anything_is_made_of_it(inbox):
    with patch("conversations.inbound.views.enqueue") as enqueue:
        assert PROVIDER.post(inbox, write("届きません")).status_code == 200
    event = ProviderEvent.objects.get()
    enqueue.assert_called_once_with(process_inbox, inbox.pk)
    assert event.state == EventState.PENDING
    assert bodies() == []


def test_what_the_broker_lost_is_found_by_the_sweep(inbox):
    with patch("conversations.inbound.views.enqueue"):
        PROVIDER.post(inbox, write("届きません"))
    sweep_of(process_inbox)()
    assert bodies() == []  # its own task may still be on its way
    long_ago = timezone.now() - timedelta(seconds=30)
    ProviderEvent.objects.update(received_at=long_ago)
    sweep_of(process_inbox)()
    assert bodies() == ["届きません"]


def test_an_unknown_key_is_404_and_keeps_nothing(db):
    response = Client().post("/hooks/nobody/", b"{}", content_type="application/json")
    assert response.status_code == 404
    assert not InboxRefusals.objects.exists()


def test_the_key_of_a_web_chat_is_no_door(webchat):
    response = Client().post(f"/hooks/{webchat.key}/", b"{}", content_type="text/json")
    assert response.status_code == 404


@pytest.mark.parametrize("method", ["put", "delete", "patch", "get"])
def test_other_methods_are_not_allowed(inbox, method):
    assert getattr(Client(), method)(f"/hooks/{inbox.key}/").status_code == 405
    assert not InboxRefusals.objects.exists()


def test_a_body_that_is_too_large_is_refused_before_its_signature(inbox):
    body = write("あ" * 1_100_000)
    assert PROVIDER.post(inbox, body).status_code == 413
    assert not ProviderEvent.objects.exists()


@pytest.mark.parametrize(
    "content_type",
    ["text/plain", "multipart/form-data; boundary=x", "application/x-gzip", ""],
)
def test_the_declared_type_changes_nothing(inbox, content_type):
    body = write("こんにちは")
    headers = line.sign(body, "", PROVIDER.secrets)
    http = Client()
    response = http.post(
        f"/hooks/{inbox.key}/", body, content_type=content_type, headers=headers
    )
    assert response.status_code == 200
    assert bodies() == ["こんにちは"]


@pytest.mark.parametrize("cut", [1, 40, 200])
def test_a_truncated_body_waits_in_quarantine(inbox, cut):
    body = write("こんにちは")[:-cut]
    assert PROVIDER.post(inbox, body).status_code == 200
    stored = ProviderEvent.objects.get()
    assert stored.state == EventState.QUARANTINED
    assert stored.reason


def test_deep_nesting_is_cut_and_understood_as_far_as_it_goes(inbox):
    nested = json.loads(write("深い"))
    nested["events"][0]["more"] = json.loads("[" * 400 + "]" * 400)
    assert PROVIDER.post(inbox, json.dumps(nested).encode()).status_code == 200
    assert bodies() == ["深い"]


@pytest.mark.parametrize("body", [b"[" * 100_000, b'{"events":' * 50_000])
def test_a_nesting_bomb_is_kept_whole_and_set_aside(inbox, body):
    assert PROVIDER.post(inbox, body).status_code == 200
    assert ProviderEvent.objects.get().state == EventState.QUARANTINED


def test_an_old_request_posted_again_adds_nothing(inbox):
    """Its signature is still good: only that it was seen before can tell."""
    body = write("一度だけ")
    for _time in range(3):
        assert PROVIDER.post(inbox, body).status_code == 200
    again = body.replace(b'"isRedelivery": false', b'"isRedelivery": true')
    assert PROVIDER.post(inbox, again).status_code == 200
    assert bodies() == ["一度だけ"]
    assert ProviderEvent.objects.count() == 1


def test_a_request_of_another_inbox_is_forged_here(inbox, account, queue):
    other = PROVIDER.connected(account, queue, name="もう一つ")
    body = write("よその窓口へ")
    secrets = {**PROVIDER.secrets, "channel_secret": "f" * 32}
    assert PROVIDER.post(other, body, secrets=secrets).status_code == 403
    assert bodies() == []


def test_one_bad_event_does_not_hold_back_the_others_of_its_request(inbox):
    good = json.loads(write("よいもの"))["events"]
    bad = event()  # a message without a message
    assert PROVIDER.post(inbox, body_of(bad, *good)).status_code == 200
    assert bodies() == ["よいもの"]
    assert ProviderEvent.objects.filter(state=EventState.QUARANTINED).count() == 1


def test_a_card_number_is_cut_out_before_the_event_is_kept(inbox):
    PROVIDER.post(
        inbox, write("カードは4111 1111 1111 1111です", id="4111111111111111")
    )
    stored = ProviderEvent.objects.get()
    assert b"4111 1111 1111 1111" not in bytes(stored.body)
    assert Message.objects.get(kind="text").provider_message_id == "4111111111111111"
    assert "1111 1111 1111" not in bodies()[0]


@pytest.mark.parametrize("state", [InboxState.DRAFT, InboxState.STOPPED])
def test_what_comes_while_nobody_is_open_is_held(inbox, state):
    inbox.state = state
    inbox.save()
    assert PROVIDER.post(inbox, write("まだです")).status_code == 200
    assert ProviderEvent.objects.get().state == EventState.HELD
    assert bodies() == []
    inbox.connection.refresh_from_db()
    assert inbox.connection.tested_at is not None


def test_the_rotated_secret_verifies_until_its_overlap_ends(inbox, time_machine):
    connection = inbox.connection
    from_before = {**PROVIDER.secrets, "channel_secret": "a" * 32}
    connection.earlier_secrets = connection.secrets
    connection.secrets = _sealed(from_before)
    connection.earlier_until = timezone.now() + timedelta(hours=24)
    connection.save()
    assert PROVIDER.post(inbox, write("旧")).status_code == 200
    assert PROVIDER.post(inbox, write("新"), secrets=from_before).status_code == 200
    time_machine.move_to(timezone.now() + timedelta(hours=25))
    assert PROVIDER.post(inbox, write("旧再び")).status_code == 403


def _sealed(values):
    return credentials.seal(json.dumps(values))


def test_files_of_replies_are_given_to_who_has_the_signed_address(
    inbox, agent, settings
):
    settings.LOCAL_URL = "http://testserver"
    PROVIDER.post(inbox, write("写真をください"))
    inbound = Message.objects.get(kind="text")
    reply = Message.objects.create(
        account=inbox.account,
        conversation=inbound.conversation,
        inbox=inbox,
        kind="text",
        direction="outbound",
    )
    attachment = Attachment(
        account=inbox.account,
        conversation=inbound.conversation,
        message=reply,
        name="a.txt",
        content_type="text/plain",
        size=2,
    )
    attachment.file.save("1/x", ContentFile(b"ok"))
    address = outbound_address(attachment, life=timedelta(hours=1))
    address = address.removeprefix("http://testserver")
    assert b"".join(Client().get(address).streaming_content) == b"ok"
    assert Client().get(address[:-3] + "x/").status_code == 404
    forged = Signer(salt="other").sign(f"{attachment.key}:f:{2**33}")
    assert Client().get(f"/hooks/files/{forged}/").status_code == 404
    reply.direction = "inbound"
    reply.save()
    assert Client().get(address).status_code == 404


def test_what_two_met_over_is_tried_again_and_set_aside_in_the_end(inbox, settings):
    settings.CELERY_TASK_EAGER_PROPAGATES = False
    clash = patch(
        "conversations.inbound.pipeline.identify",
        side_effect=IntegrityError("duplicate key"),
    )
    with clash:
        PROVIDER.post(inbox, write("ぶつかる"))
        stored = ProviderEvent.objects.get()
        assert (stored.state, stored.attempts) == (EventState.PENDING, 1)
    long_ago = timezone.now() - timedelta(seconds=5)
    ProviderEvent.objects.update(retry_at=long_ago)
    sweep_of(process_inbox)()
    assert bodies() == ["ぶつかる"]
    with clash:
        PROVIDER.post(inbox, write("いつまでも"))
        newest = ProviderEvent.objects.latest("pk")
        for _time in range(10):
            ProviderEvent.objects.update(retry_at=long_ago)
            process_inbox(inbox.pk)
    newest.refresh_from_db()
    assert newest.state == EventState.QUARANTINED
    assert "duplicate key" in newest.reason
