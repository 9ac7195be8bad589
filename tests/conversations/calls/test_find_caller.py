"""Finding who calls, by whatever an agent types."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from agentdesk.accounts.access import access_of
from conversations.calls.selectors.caller import call_box_offer
from conversations.models import Inquiry
from customers.people.selectors.find import Match
from tests.factories.conversations import ConversationFactory
from tests.factories.customers import CustomerFactory, IdentityFactory, OrderFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def access(supervisor):
    return access_of(supervisor.user)


@pytest.fixture
def yamada(account, queue):
    customer = CustomerFactory(account=account)
    IdentityFactory(customer=customer, value="+81312345678", raw="03-1234-5678")
    IdentityFactory(customer=customer, kind="email", value="yamada@example.jp")
    IdentityFactory(customer=customer, kind="shop", value="C-20481")
    OrderFactory(customer=customer, number="KG-104829")
    conversation = ConversationFactory(customer=customer)
    Inquiry.objects.create(
        account=account,
        conversation=conversation,
        queue=queue,
        reference="A7K-4829",
        channel="phone",
    )
    return customer


@pytest.mark.parametrize(
    ("typed", "match"),
    [
        ("0312", Match.PHONE),
        ("03-1234-5678", Match.PHONE),
        ("０３１２３４５６７８", Match.PHONE),
        ("+81 3 1234", Match.PHONE),
        ("(03)1234ー5678", Match.PHONE),
        ("5678", Match.LAST_DIGITS),
        ("山田", Match.NAME),
        ("山田 太", Match.NAME),
        ("山田　太郎", Match.NAME),
        ("ヤマダ", Match.KANA),
        ("やまだ", Match.KANA),
        ("ﾔﾏﾀﾞ ﾀﾛｳ", Match.KANA),
        ("yamada@", Match.EMAIL),
        ("YAMADA@example", Match.EMAIL),
        ("C-20481", Match.SHOP),
        ("KG-104829", Match.ORDER),
        ("kg-1048", Match.ORDER),
        ("#KG-104829", Match.ORDER),
        ("A7K-4829", Match.REFERENCE),
        ("a7k4829", Match.REFERENCE),
        ("Ａ７Ｋ－４８２９", Match.REFERENCE),
        ("A7K 48", Match.REFERENCE),
    ],
)
def test_a_customer_is_found_by(account, yamada, typed, match, access):
    found = call_box_offer([account], typed, access=access).found
    assert [(one.customer, one.match) for one in found] == [(yamada, match)]


@pytest.mark.parametrize(
    "typed",
    ["", "   ", "-", "%", "_", "\\", "03%", "山%", "\x00", "\ud800", "あ" * 500],
)
def test_what_means_nothing_finds_nobody(account, yamada, typed, access):
    assert call_box_offer([account], typed, access=access).found == []


def test_at_most_eight_are_shown(account, access):
    for _number in range(12):
        CustomerFactory(account=account)
    assert len(call_box_offer([account], "山田", access=access).found) == 8


def test_another_accounts_customers_are_never_found(
    account, other_account, yamada, access
):
    for typed in ("0312345678", "5678", "山田", "A7K-4829", "KG-104829", "yamada@"):
        assert call_box_offer([other_account], typed, access=access).found == []


def test_an_unknown_number_begins_a_new_customer_in_each_account(
    account, other_account, yamada, access
):
    offer = call_box_offer([account, other_account], "03-1234-5678", access=access)
    assert [one.customer for one in offer.found] == [yamada]
    assert [one.account for one in offer.new_callers] == [other_account]
    assert offer.new_callers[0].display == "03-1234-5678"


@pytest.mark.parametrize("typed", ["482915", "４８２９１５", "482 915"])
def test_six_digits_are_offered_as_a_code_and_not_tried(account, typed, access):
    with CaptureQueriesContext(
        connection,
    ) as queries:
        offer = call_box_offer([account], typed, access=access)
    assert offer.code == "482915"
    assert not any("pickup" in query["sql"] for query in queries)


@pytest.mark.parametrize("typed", ["0312345678", "山田", "A7K-4829", "482915"])
def test_the_number_of_queries_stays_the_same(
    account, yamada, typed, access, warm_process, django_assert_max_num_queries
):
    CustomerFactory.create_batch(5, account=account)
    call_box_offer([account], typed, access=access)
    with django_assert_max_num_queries(4):
        call_box_offer([account], typed, access=access)
