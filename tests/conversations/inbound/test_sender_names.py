"""What a sender is called in one message renames nobody."""

import pytest

from customers.models import Customer
from tests.conversations.adapters.email.mailbox import Box
from tests.factories.customers import CustomerFactory, IdentityFactory

pytestmark = pytest.mark.django_db
FAMILY = "yamada-ke@example.jp"


@pytest.fixture
def box(account, queue, django_capture_on_commit_callbacks) -> Box:
    return Box(account, queue, django_capture_on_commit_callbacks)


def test_two_names_of_one_address_are_shown_with_their_mails(box, agent, client_of):
    first = box.get(sender=FAMILY, name="Hanako Yamada")
    box.get(sender=FAMILY, name="Taro Yamada")
    customer = Customer.objects.get()
    assert customer.name == "Hanako Yamada"
    page = client_of(agent).get(f"/conversations/{first.conversation_id}/")
    html = page.content.decode()
    assert "Hanako Yamada" in html
    assert "Taro Yamada" in html


def test_a_known_name_stays_whatever_a_mail_says(box, account):
    customer = CustomerFactory(account=account)
    IdentityFactory(customer=customer, kind="email", value=FAMILY)
    box.get(sender=FAMILY, name="Web Form")
    customer.refresh_from_db()
    assert customer.name == "山田 太郎"
