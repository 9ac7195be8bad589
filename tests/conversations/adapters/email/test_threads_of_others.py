"""Threads that other desks have lost: where the mark stands, and who answered from where."""

import pytest

from conversations.adapters.email.token import INQUIRY, plus_address, token_of
from tests.conversations.adapters.email.test_thread_mail import two_inquiries
from tests.conversations.providers.email import ADDRESS, CUSTOMER, raw_mail

pytestmark = pytest.mark.django_db


def test_our_mark_counts_in_the_copies_as_well(box):
    """Gmail writes it there when one answers one's own mail (chatwoot 15365)."""
    older, _newer, _first = two_inquiries(box)
    marked = plus_address(ADDRESS, token_of(INQUIRY, older.pk))
    mail = box.get(to="friend@example.jp", subject="別の件", fields=f"Cc: {marked}\r\n")
    assert mail.inquiry == older


def test_an_answer_to_what_a_member_wrote_in_outlook_stays_in_its_thread(box):
    """The id it answers was never sent by the desk (chatwoot 10028)."""
    older, _newer, first = two_inquiries(box)
    by_outlook = raw_mail(
        "承りました",
        sender=ADDRESS,
        to=CUSTOMER,
        message_id="by-outlook@kogane.example",
        fields=f"In-Reply-To: <{first.data['email']['message_id']}>\r\n",
    )
    echo = box.get(by_outlook)
    fields = "In-Reply-To: <by-outlook@kogane.example>\r\n"
    mail = box.get(subject="別の件", fields=fields)
    assert (echo.direction, echo.conversation_id) == ("outbound", older.conversation_id)
    assert (echo.inquiry, mail.inquiry) == (older, older)
