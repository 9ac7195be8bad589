"""Calls that nobody took: who learns of them, and where they stand."""

from datetime import timedelta

import pytest
from django.utils import timezone

from conversations.calls.tasks import sweep_calls
from conversations.choices import (
    CallState,
    Channel,
    InquiryStatus,
    MessageKind,
    NotificationKind,
    ThreadEvent,
)
from conversations.models import Call, Inquiry, Message, Notification
from tests.conversations.phone import let_missed_calls_settle
from tests.factories.conversations import ConversationFactory

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_missed_call_of_a_known_customer_waits_in_their_thread(pbx, agent, caller):
    pbx.post_event("ringing")
    pbx.post_event("ended")
    let_missed_calls_settle()
    sweep_calls()
    line = Message.objects.get(event=ThreadEvent.MISSED_CALL)
    assert line.kind == MessageKind.SYSTEM
    assert line.conversation.customer == caller
    assert line.inquiry.waiting_since is not None
    assert Call.objects.get().inquiry == line.inquiry


def test_a_missed_call_wakes_the_inquiry_and_tells_its_owner(pbx, queue, agent, caller):
    inquiry = Inquiry.objects.create(
        account=caller.account,
        conversation=ConversationFactory(customer=caller),
        reference="A7K-4829",
        queue=queue,
        owner=agent,
        status=InquiryStatus.PENDING,
        channel=Channel.PHONE,
    )
    pbx.post_event("ringing")
    pbx.post_event("ended")
    let_missed_calls_settle()
    inquiry.refresh_from_db()
    assert inquiry.status == InquiryStatus.ACTIVE
    notification = Notification.objects.get(member=agent)
    assert notification.kind == NotificationKind.MISSED


def test_a_missed_call_of_an_unknown_number_makes_no_customer(pbx, agent):
    pbx.post_event("ringing")
    pbx.post_event("ended")
    let_missed_calls_settle()
    assert Call.objects.get().conversation is None
    assert not Inquiry.objects.exists()


def test_a_call_whose_end_is_never_told_stops_ringing(pbx, agent):
    call = pbx.ring()
    Call.objects.update(rang_at=timezone.now() - timedelta(minutes=10))
    sweep_calls()
    call.refresh_from_db()
    assert call.state == CallState.MISSED
