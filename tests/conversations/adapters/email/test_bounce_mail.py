"""Mail that came back, and mail in circles."""

import pytest

from conversations.choices import ClosedReason, EventState, FailureCode
from conversations.models import Conversation, ProviderEvent, Reach
from customers.models import Customer
from tests.conversations.adapters.email.mailbox import delivery_of, sent
from tests.conversations.providers.email import ADDRESS, CUSTOMER

pytestmark = pytest.mark.django_db

REPORT = """From: MAILER-DAEMON@mx.example.jp\r
To: {to}\r
Subject: Undelivered Mail Returned to Sender\r
Message-ID: <{name}@mx.example.jp>\r
Auto-Submitted: auto-replied\r
MIME-Version: 1.0\r
Content-Type: multipart/report; report-type=delivery-status; boundary=r\r
\r
--r\r
Content-Type: text/plain\r
\r
I could not deliver your mail.\r
--r\r
Content-Type: message/delivery-status\r
\r
Reporting-MTA: dns; mx.example.jp\r
\r
Final-Recipient: rfc822; {recipient}\r
Action: {action}\r
Status: {status}\r
Diagnostic-Code: smtp; 552 mailbox full\r
--r\r
Content-Type: text/rfc822-headers\r
\r
Message-ID: <{original}>\r
--r--\r
"""


def bounce(original, *, recipient=CUSTOMER, status="5.2.2", action="failed", name="b1"):
    fields = {"to": ADDRESS, "recipient": recipient, "status": status, "name": name}
    return REPORT.format(original=original, action=action, **fields).encode()


@pytest.fixture
def answered(box, agent, esp):
    """Our reply, as it stands after the provider took it, and its Message-ID."""
    message = box.get()
    box.reply(agent)
    ours = sent(message.conversation)
    return ours, delivery_of(ours).provider_message_ids[-1]


def test_a_bounce_fails_the_reply_and_tells_why(box, answered, agent, client_of):
    ours, message_id = answered
    assert box.get(bounce(message_id)) is None
    ours.refresh_from_db()
    assert (ours.state, ours.failure) == ("failed", FailureCode.MAILBOX_FULL)
    line = ours.conversation.messages.get(event="to_check")
    assert line.data["after"]["value"] == CUSTOMER
    page = client_of(agent).get(f"/conversations/{ours.conversation_id}/")
    assert "552 mailbox full" in page.content.decode()
    assert Customer.objects.count() == Conversation.objects.count() == 1


@pytest.mark.parametrize(
    ("is_named", "failure", "closed"),
    [
        (True, FailureCode.RECIPIENT, ClosedReason.UNREACHABLE),
        (False, FailureCode.REFUSED, ""),
    ],
)
def test_who_knows_only_the_address_of_a_customer_closes_it_to_nobody(
    box, answered, is_named, failure, closed
):
    ours, message_id = answered
    report = bounce(message_id, status="5.1.1")
    named = f"Message-ID: <{message_id}>".encode()
    box.get(report if is_named else report.replace(named, b"X-Odd: 1"))
    ours.refresh_from_db()
    assert (ours.state, ours.failure) == ("failed", failure)
    assert Reach.objects.get().closed_reason == closed


def test_the_same_bounce_twice_is_one_line(box, answered):
    ours, message_id = answered
    box.get(bounce(message_id))
    box.get(bounce(message_id, name="b2"))
    assert ours.conversation.messages.filter(event="to_check").count() == 1


def test_a_delay_fails_nothing(box, answered):
    ours, message_id = answered
    box.get(bounce(message_id, action="delayed", status="4.4.1"))
    ours.refresh_from_db()
    assert ours.state == "sent"
    assert ours.conversation.messages.filter(event="to_check").exists()


def test_a_bounce_of_a_copy_leaves_the_reply_as_it_is(box, answered):
    ours, message_id = answered
    box.get(bounce(message_id, recipient="copy@example.jp"))
    ours.refresh_from_db()
    assert ours.state == "sent"
    line = ours.conversation.messages.get(event="to_check")
    assert line.data["after"]["value"] == "copy@example.jp"


def test_a_bounce_of_a_mail_we_did_not_send_opens_nothing(box):
    box.get(bounce("somebody-elses@example.net"))
    assert ProviderEvent.objects.get().state == EventState.IGNORED
    assert not Customer.objects.exists()


def test_a_report_of_success_opens_nothing(box):
    box.get(bounce("somebody-elses@example.net", action="delivered", status="2.0.0"))
    assert ProviderEvent.objects.get().state == EventState.IGNORED
    assert not Customer.objects.exists()


def test_a_customer_who_passes_a_report_on_is_heard(box):
    raw = bounce("x@example.net").replace(b"multipart/report", b"multipart/mixed")
    raw = raw.replace(b"MAILER-DAEMON@mx.example.jp", CUSTOMER.encode())
    message = box.get(raw.replace(b"Auto-Submitted: auto-replied\r\n", b""))
    assert "I could not deliver" in message.body
    assert message.attachments.count() == 2


def test_a_mail_of_ours_that_comes_round_is_dropped(box):
    fields = f"X-Agentdesk-Inbox: {box.inbox.key}\r\n"
    assert box.get(sender="list@example.jp", fields=fields) is None
    assert ProviderEvent.objects.get().state == EventState.IGNORED


def test_receipts_of_the_provider_move_the_reply_on(box, answered):
    ours, _message_id = answered
    payload = {
        "RecordType": "Delivery",
        "MessageID": delivery_of(ours).provider_message_ids[0],
        "Recipient": CUSTOMER,
        "DeliveredAt": "2026-11-25T01:05:00Z",
        "Details": "smtp;250 OK",
    }
    box.post_json(payload)
    ours.refresh_from_db()
    assert ours.state == "delivered"
    box.post_json({**payload, "RecordType": "Bounce", "Type": "HardBounce", "ID": 42})
    ours.refresh_from_db()
    assert ours.state == "delivered"


# --- several recipients ---
@pytest.fixture
def copied(box, agent, esp):
    """A reply of which two others have a copy, and its Message-ID."""
    message = box.get()
    box.reply(agent, cc=["taro@example.jp", "jiro@example.jp"])
    ours = sent(message.conversation)
    return ours, delivery_of(ours).provider_message_ids[-1]


def page_of(ours, client_of, agent) -> str:
    page = client_of(agent).get(f"/conversations/{ours.conversation_id}/")
    return page.content.decode()


def test_a_report_on_several_names_each_that_failed(box, copied, agent, client_of):
    ours, message_id = copied
    raw = bounce(message_id, recipient="taro@example.jp", status="5.1.1")
    more = (
        b"\r\nFinal-Recipient: rfc822; jiro@example.jp\r\nAction: failed\r\n"
        b"Status: 5.2.2\r\n\r\nFinal-Recipient: rfc822; hanako@example.jp\r\n"
        b"Action: relayed\r\nStatus: 2.0.0\r\n"
    )
    at = b"Diagnostic-Code: smtp; 552 mailbox full\r\n"
    assert box.get(raw.replace(at, at + more)) is None
    ours.refresh_from_db()
    assert ours.state == "sent"
    assert ours.data["bounced"] == ["taro@example.jp", "jiro@example.jp"]
    page = page_of(ours, client_of, agent)
    assert "taro@example.jp, jiro@example.jp" in page


def test_qmails_paragraphs_name_each_with_its_own_reason(box, copied):
    ours, message_id = copied
    text = (
        "Hi. This is the qmail-send program at mx.example.jp.\r\n"
        "I'm afraid I wasn't able to deliver your message.\r\n\r\n"
        "<taro@example.jp>:\r\nSorry, no mailbox here. (#5.1.1)\r\n\r\n"
        "<hanako@example.jp>:\r\nMailbox is over quota. (#5.2.2)\r\n\r\n"
        f"--- Below this line is a copy of the message.\r\n\r\nMessage-ID: <{message_id}>\r\n"
    )
    raw = (
        "From: MAILER-DAEMON@mx.example.jp\r\nTo: support@kogane.example\r\n"
        f"Subject: failure notice\r\nMessage-ID: <q@mx>\r\n\r\n{text}"
    )
    assert box.get(raw.encode()) is None
    ours.refresh_from_db()
    assert ours.data["bounced"] == ["taro@example.jp", "hanako@example.jp"]
    assert (ours.state, ours.failure) == ("failed", FailureCode.MAILBOX_FULL)
    assert "5.2.2" in ours.failure_detail


def test_a_mail_that_was_late_at_first_and_then_came_back_fails(box, answered):
    ours, message_id = answered
    box.get(bounce(message_id, action="delayed", status="4.4.1", name="late"))
    ours.refresh_from_db()
    assert ours.state == "sent"
    box.get(bounce(message_id, status="5.4.7", name="gone"))
    ours.refresh_from_db()
    assert ours.state == "failed"
