"""Text messages are offered to numbers that can receive them."""

import pytest
from django.utils import timezone

from conversations.choices import Channel, ClosedReason
from conversations.models import InboxConnection, Reach
from conversations.outbound.reply_options import reply_options
from tests.factories.conversations import InboxFactory
from tests.factories.customers import IdentityFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("number", "is_open"),
    [
        ("+819012345678", True),
        ("+815012345678", True),
        ("+12125550100", True),  # the plan of the United States does not tell
        ("+81312345678", False),
        ("+81120444444", False),
        ("+442079460000", False),
    ],
)
def test_no_text_message_is_offered_to_a_landline(
    conversation, account, number, is_open
):
    IdentityFactory(customer=conversation.customer, value=number)
    sms = InboxFactory(account=account, channel=Channel.SMS, name="SMS")
    InboxConnection.objects.create(inbox=sms)
    option = next(one for one in reply_options(conversation).options)
    assert option.inbox == sms
    assert option.is_open is is_open
    chosen = reply_options(conversation).chosen
    assert (chosen is not None) is is_open
    assert option.closed in {"", ClosedReason.LANDLINE}


def test_a_landline_that_has_written_a_text_message_can_receive_one(
    conversation, account
):
    identity = IdentityFactory(customer=conversation.customer, value="+81312345678")
    sms = InboxFactory(account=account, channel=Channel.SMS, name="SMS")
    InboxConnection.objects.create(inbox=sms)
    Reach.objects.create(
        account=account, inbox=sms, identity=identity, last_heard_at=timezone.now()
    )
    assert reply_options(conversation).chosen.inbox == sms
