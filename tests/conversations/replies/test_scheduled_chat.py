"""A reply for later in the web chat, its files, and the times that are offered."""

import json
from datetime import timedelta

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from agentdesk.jobs.registry import sweep_of
from conversations.choices import Channel, DeliveryState
from conversations.inquiries.actions.housekeeping import remove_unsent_files
from conversations.models import Attachment, Draft, ScheduledReply
from conversations.replies.tasks import send_scheduled
from tests.conversations.replies.scheduling import (
    BODY,
    local,
    schedule,
    sent_texts,
    verb,
)
from tests.factories.conversations import ConversationFactory
from tests.receiving import receive_message

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def http(agent, client_of, settings):
    settings.SESSION_IDLE_MINUTES = 14 * 24 * 60  # the clock goes on by days
    return client_of(agent)


@pytest.fixture
def clock():
    with time_machine.travel(timezone.now(), tick=False) as moving:
        yield moving


def test_its_files_wait_with_it_and_may_be_mended_by_a_supervisor(
    account, http, client_of, supervisor, settings, tmp_path, clock, webchat
):
    settings.MEDIA_ROOT = tmp_path
    chat = ConversationFactory(customer__account=account)
    receive_message(chat.customer, inbox=webchat, channel=Channel.WEBCHAT, body="図は")
    file = SimpleUploadedFile("図.txt", "図".encode(), content_type="text/plain")
    upload = reverse("desk:upload", args=[chat.pk])
    key = http.post(upload, {"file": file, "kind": "reply"}).json()["key"]
    beside = json.dumps({"files": [key]})
    at = local(chat, days=4)
    schedule(http, chat, "図です", file=key, beside=beside, send_at=at)
    clock.shift(timedelta(days=3))
    remove_unsent_files(timezone.now())
    row = ScheduledReply.objects.get()
    assert verb(client_of(supervisor), "edit", chat, row).status_code == 204
    remove_unsent_files(timezone.now())
    assert Attachment.objects.get().uploaded_by == supervisor
    assert Draft.objects.get(member=supervisor).beside == {"files": [key]}


def test_in_the_web_chat_it_is_read_at_its_time_and_not_before(
    http, webchat, account, clock
):
    chat = ConversationFactory(customer__account=account)
    receive_message(chat.customer, inbox=webchat, channel=Channel.WEBCHAT, body="急ぎ")
    schedule(http, chat)
    assert sent_texts() == []
    clock.shift(timedelta(hours=3))
    sweep_of(send_scheduled)()
    assert sent_texts() == [(BODY, DeliveryState.SENT)]


def test_the_menu_offers_the_hours_of_the_account(http, account):
    chat = ConversationFactory(customer__account=account)
    page = http.get(reverse("desk:moments", args=[chat.pk])).content.decode()
    assert page.count("data-send-at=") == 3
    assert "明日の朝" in page
