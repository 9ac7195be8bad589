from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.utils import timezone

from conversations.choices import Channel, NotificationKind
from conversations.inquiries.actions.inquiry import assign, snooze
from conversations.inquiries.tasks import sweep_leftovers, sweep_snoozed
from conversations.models import Attachment, Inquiry, Notification
from tests.receiving import receive_message


@pytest.fixture
def inquiry(conversation, webchat):
    return receive_message(
        conversation.customer, inbox=webchat, channel=Channel.WEBCHAT, body="在庫は"
    ).message.inquiry


def test_a_snoozed_inquiry_comes_back_in_time_and_tells_its_owner(agent, inquiry):
    assign(inquiry, actor=agent.user, owner=agent)
    snooze(inquiry, actor=agent.user, until=timezone.now() + timedelta(hours=1))
    sweep_snoozed()
    assert Inquiry.objects.awake().count() == 0
    Inquiry.objects.update(snoozed_until=timezone.now() - timedelta(seconds=1))
    for _run in range(2):
        sweep_snoozed()
    assert Inquiry.objects.awake().count() == 1
    assert Notification.objects.get().kind == NotificationKind.WOKEN


def test_files_never_sent_are_removed_after_two_days(agent, conversation):
    attachment = Attachment(
        account=conversation.account,
        conversation=conversation,
        uploaded_by=agent,
        name="a.txt",
        content_type="text/plain",
        size=1,
    )
    attachment.file.save("unsent", ContentFile(b"x"), save=True)
    sweep_leftovers()
    assert Attachment.objects.count() == 1
    Attachment.objects.update(created_at=timezone.now() - timedelta(days=3))
    sweep_leftovers()
    assert not Attachment.objects.exists()
    assert not attachment.file.storage.exists(attachment.file.name)
