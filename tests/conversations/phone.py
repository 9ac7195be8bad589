"""What the tests of the telephone share: a PBX that posts, and the clock of the sweeps."""

import hashlib
import itertools
from datetime import timedelta

from django.test import Client
from django.utils import timezone

from conversations.calls.tasks import sweep_calls
from conversations.choices import Channel
from conversations.models import Call, Inbox, InboxApiKey
from tests.factories.conversations import InboxFactory

KEY = "test-key-of-the-pbx"
URL = "/api/v1/calls/events"
_numbers = itertools.count(1)


class Pbx:
    """Posts events with the API key of one phone inbox, as any PBX would."""

    def __init__(self, inbox: Inbox, key: str = KEY) -> None:
        self.inbox = inbox
        self.key = key
        InboxApiKey.objects.create(
            inbox=inbox,
            prefix=key[:8],
            key_hash=hashlib.sha256(key.encode()).hexdigest(),
        )
        self.http = Client()

    def post(self, body, key=None, content_type="application/json"):
        return self.http.post(
            URL,
            body,
            content_type=content_type,
            headers={"Authorization": f"Bearer {key or self.key}"},
        )

    def post_event(self, event: str, call_id: str = "call-1", **fields):
        fields.setdefault("from", "0312345678")
        fields.setdefault("to", "201")
        response = self.post({"call_id": call_id, "type": event, **fields})
        assert response.status_code == 202, response.content
        return response

    def ring(self, call_id: str = "", **fields) -> Call:
        call_id = call_id or f"call-{next(_numbers)}"
        self.post_event("ringing", call_id, **fields)
        return Call.objects.get(provider_call_id=call_id)


def phone_inbox_of(account, queue=None) -> Inbox:
    extra = {"queue": queue} if queue else {}
    return InboxFactory(account=account, channel=Channel.PHONE, **extra)


def let_missed_calls_settle() -> None:
    """As if the moments in which a late answer may still come had passed."""
    Call.objects.filter(ended_at__isnull=False).update(
        ended_at=timezone.now() - timedelta(seconds=30)
    )
    sweep_calls()
