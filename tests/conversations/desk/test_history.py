"""Earlier inquiries beside the conversation, and how often the customer got in touch."""

import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from django.utils import timezone

from conversations.choices import Channel, InquiryStatus
from conversations.models import Inquiry
from tests.factories.accounts import MembershipFactory
from tests.factories.conversations import ContactReasonFactory

_TAG = re.compile(r"<[^>]+>")


@pytest.fixture
def earlier(account, queue, conversation):
    """Opens and closes an inquiry of that day."""

    def closed(reference: str, opened_at: datetime, **fields) -> Inquiry:
        return Inquiry.objects.create(
            account=account,
            conversation=conversation,
            queue=queue,
            reference=reference,
            status=InquiryStatus.DONE,
            opened_at=opened_at,
            closed_at=opened_at,
            last_activity_at=opened_at,
            **({"channel": Channel.PHONE} | fields),
        )

    return closed


@pytest.fixture
def read(client_of, agent, conversation):
    def reading(address: str = "") -> str:
        path = reverse("desk:history", args=[conversation.customer_id])
        response = client_of(agent).get(address or path)
        assert response.status_code == 200
        return response.content.decode()

    return reading


def rows(text: str) -> list[str]:
    return re.findall(
        r'<button type="button" class="history".*?</button>', text, re.DOTALL
    )


def test_an_earlier_inquiry_tells_channel_reason_owner_and_date(read, earlier, account):
    at = datetime(2024, 3, 9, 23, 30, tzinfo=ZoneInfo("Asia/Tokyo"))
    owner = MembershipFactory(
        account=account, user__family_name="鈴木", user__given_name="あかり"
    )
    reason = ContactReasonFactory(account=account, name="配送先の変更")
    earlier("A2C-4829", at, reason=reason, owner=owner)
    [row] = rows(read())
    words_shown = _TAG.sub(" ", row)
    assert "電話" in row
    for word in ("配送先の変更", "鈴木 あかり", "A2C-4829", "対応完了"):
        assert word in words_shown
    assert f'datetime="{at.isoformat()}"' in row
    assert "2024/3/9" in words_shown


def test_contacts_of_the_last_ninety_days_are_counted_and_older_ones_only_listed(
    read, earlier
):
    now = timezone.now()
    for number, days in enumerate((1, 89, 91)):
        earlier(f"A2C-999{number}", now - timedelta(days=days))
    text = read()
    assert len(rows(text)) == 3
    assert re.search(r'id="customer-contacts"[^>]*>2件', text)


def test_the_newest_come_first_and_the_rest_behind_a_button(read, earlier):
    now = timezone.now()
    for number in range(10):
        earlier(f"A2C-{number:04}", now - timedelta(days=number))
    text = read()
    shown = re.findall(r"A2C-\d{4}", text)
    more = re.search(r'hx-get="([^"]*cursor=[^"]+)"', text)
    assert more
    shown += re.findall(r"A2C-\d{4}", read(more[1].replace("&amp;", "&")))
    assert list(dict.fromkeys(shown)) == [f"A2C-{number:04}" for number in range(10)]


def test_it_comes_with_the_workspace_and_is_not_fetched_again(
    client_of, agent, conversation, earlier
):
    now = timezone.now()
    for number in range(10):
        earlier(f"A2C-{number:04}", now - timedelta(days=number))
    path = reverse("desk:workspace", args=[conversation.pk])
    text = client_of(agent).get(path).content.decode()
    assert len(rows(text)) == 8
    [region] = re.findall(r'<live-region [^>]*id="customer-history"[^>]*>', text)
    assert 'kinds="inquiry_changed"' in region
    assert 'hx-trigger="none"' in region
    assert re.search(r'id="customer-contacts">10件', text)
    assert text.count('id="customer-contacts"') == 1


def test_the_pane_by_itself_fetches_it(client_of, agent, conversation):
    path = reverse("customers:panel", args=[conversation.customer_id])
    text = client_of(agent).get(path).content.decode()
    address = reverse("desk:history", args=[conversation.customer_id])
    assert f'kinds="inquiry_changed" hx-get="{address}" hx-trigger="load"' in text


def test_another_customers_inquiries_are_not_among_them(
    read, earlier, stranger, client_of, conversation
):
    earlier("A2C-4829", timezone.now())
    path = reverse("desk:history", args=[conversation.customer_id])
    assert client_of(stranger).get(path).status_code == 404
