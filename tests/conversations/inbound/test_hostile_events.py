"""Signed events that no provider should send: set aside, never lost, never in the way."""

from unittest.mock import patch

import pytest

from conversations.adapters.line.adapter import LineAdapter
from conversations.choices import EventState
from conversations.inboxes.selectors.event_body import readable_body
from conversations.models import Message, ProviderEvent
from tests.conversations.providers import sms, whatsapp
from tests.conversations.providers.line import PROVIDER, body_of, event, write

pytestmark = pytest.mark.django_db(transaction=True)
CARD = b"4111 1111 1111 1111"


@pytest.fixture
def inbox(account, queue):
    return PROVIDER.connected(account, queue)


@pytest.fixture
def texts(account, queue):
    return sms.PROVIDER.connected(account, queue)


def test_an_event_that_breaks_its_processing_is_set_aside_and_not_tried_for_ever(inbox):
    with patch.object(LineAdapter, "parse", side_effect=ZeroDivisionError):
        assert PROVIDER.post(inbox, write("こわれもの")).status_code == 200
    stored = ProviderEvent.objects.get()
    assert stored.state == EventState.QUARANTINED
    assert "ZeroDivisionError" in stored.reason


@pytest.mark.parametrize("kind", [["text"], {"text": 1}, 1, None])
def test_a_kind_that_is_no_word_is_said_to_be_the_fault(inbox, kind):
    payload = event(message={"type": kind, "id": "1", "text": "何でしょう"})
    assert PROVIDER.post(inbox, body_of(payload)).status_code == 200
    stored = ProviderEvent.objects.get()
    assert stored.state == EventState.QUARANTINED
    assert "message" in stored.reason


def test_a_nul_hides_no_message(inbox):
    place = {"type": "location", "id": "1\0", "title": "駅\0前", "address": "\0"}
    payload = event(sender="U\0001", message={**place, "latitude": 1, "longitude": 1})
    assert PROVIDER.post(inbox, body_of({**payload, "more\0": 1})).status_code == 200
    assert ProviderEvent.objects.get().state == EventState.PROCESSED
    message = Message.objects.get(provider_message_id="1")
    assert message.data["location"]["title"] == "駅前"


def test_a_nul_in_a_form_hides_no_message(texts):
    body = sms.write("もし\0もし", sender="+8190\0")
    assert sms.PROVIDER.post(texts, body).status_code == 200
    assert ProviderEvent.objects.get().state == EventState.PROCESSED


@pytest.mark.parametrize("count", ["9" * 5000, "²", "-1", "x"])
def test_an_absurd_number_of_files_is_no_error(texts, count):
    sid = sms.new_sid()
    body = sms.form(MessageSid=sid, From="+819012345678", Body="絵", NumMedia=count)
    assert sms.PROVIDER.post(texts, body).status_code == 200
    assert Message.objects.get(provider_message_id=sid).body == "絵"


@pytest.mark.parametrize(
    "body", [b'{"events": [{"text": "%s"' % CARD, b"\xff\xfe %s" % CARD, b"[[%s" % CARD]
)
def test_what_cannot_be_taken_apart_keeps_no_card_number(inbox, body):
    assert PROVIDER.post(inbox, body).status_code == 200
    stored = ProviderEvent.objects.get()
    assert stored.state == EventState.QUARANTINED
    assert CARD not in bytes(stored.body)
    assert bytes(stored.body).replace("•••• •••• •••• 1111".encode(), CARD) == body


@pytest.mark.parametrize("depth", [5, 300, 700, 980, 100_000])
def test_a_nesting_bomb_can_be_looked_at(inbox, depth):
    body = b"[" * depth + b"]" * depth
    assert PROVIDER.post(inbox, body).status_code == 200
    assert readable_body(bytes(ProviderEvent.objects.get().body)).startswith("[")


def test_a_card_number_sent_as_a_telephone_number_is_not_kept(account, queue):
    inbox = whatsapp.PROVIDER.connected(account, queue)
    phones = [{"phone": CARD.decode()}, {"phone": "+81 90-1234-5678"}]
    card = {"name": {"formatted_name": "伊藤"}, "phones": phones}
    payload = whatsapp.message("contacts", id="wamid.1", contacts=[card])
    body = whatsapp.body_of(contacts=[whatsapp.contact()], messages=[payload])
    assert whatsapp.PROVIDER.post(inbox, body).status_code == 200
    stored = bytes(ProviderEvent.objects.get().body)
    data = Message.objects.get(provider_message_id="wamid.1").data
    assert CARD not in stored
    assert CARD.decode() not in str(data)
    assert "+81 90-1234-5678" in str(data)
