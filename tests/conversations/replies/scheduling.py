"""Scheduling a reply by the front door, and what came of it."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

from django.db import connection
from django.urls import reverse
from django.utils import timezone

from conversations.models import Message

BODY = "明日ご連絡いたします"


def local(conversation, **ahead) -> str:
    at = timezone.now() + timedelta(**ahead)
    zone = ZoneInfo(conversation.account.time_zone)
    return at.astimezone(zone).strftime("%Y-%m-%dT%H:%M")


def schedule(http, conversation, body=BODY, *, yields=True, status=201, **more):
    data = {
        "kind": "reply",
        "body": body,
        "draft_body": body,
        "client_id": str(uuid4()),
        "send_at": local(conversation, hours=2),
        **({"yields": "on"} if yields else {}),
        **more,
    }
    answer = http.post(reverse("desk:compose", args=[conversation.pk]), data)
    assert answer.status_code == status, answer.content.decode()
    return answer


def verb(http, name, conversation, row):
    return http.post(reverse(f"desk:scheduled-{name}", args=[conversation.pk, row.pk]))


def sent_texts():
    rows = Message.objects.filter(direction="outbound").order_by("pk")
    return list(rows.values_list("body", "state"))


def together(*acts):
    barrier = threading.Barrier(len(acts))

    def run(act):
        barrier.wait(10)
        try:
            act()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        for one in [pool.submit(run, act) for act in acts]:
            one.result(30)
