"""The search of the command palette."""

import pytest
from django.urls import reverse

from tests.factories.conversations import ConversationFactory
from tests.factories.customers import CustomerFactory, IdentityFactory


@pytest.fixture
def find(client_of, agent):
    client = client_of(agent)
    return lambda query: client.get(reverse("desk:palette"), {"q": query})


def test_a_number_leads_to_the_conversation_of_its_customer(find, account):
    conversation = ConversationFactory(customer__account=account)
    IdentityFactory(customer=conversation.customer, value="+81312345678")
    text = find("03-1234").text
    assert reverse("desk:conversation", args=[conversation.pk]) in text
    assert conversation.customer.name in text


def test_somebody_who_never_wrote_is_found_on_their_own_page(find, account):
    customer = CustomerFactory(account=account)
    assert reverse("customers:customer", args=[customer.pk]) in find("山田").text


def test_a_stranger_finds_nobody(client_of, stranger, account):
    CustomerFactory(account=account)
    page = client_of(stranger).get(reverse("desk:palette"), {"q": "山田"})
    assert page.status_code == 200
    assert not page.text.strip()


@pytest.mark.parametrize("query", ["", " ", "\0", "あ" * 500, "<script>", "%_\\"])
def test_odd_queries_find_nothing_and_break_nothing(find, account, query):
    CustomerFactory(account=account)
    page = find(query)
    assert page.status_code == 200
    assert "<script>" not in page.text


def test_the_search_needs_few_queries(
    find, account, warm_process, django_assert_max_num_queries
):
    for number in range(9):
        conversation = ConversationFactory(customer__account=account)
        IdentityFactory(customer=conversation.customer, value=f"+8131234567{number}")
    find("03-1234")
    with django_assert_max_num_queries(9):
        assert find("03-1234").text.count('role="option"') > 5


def test_visitors_are_asked_to_sign_in(client):
    page = client.get(reverse("desk:palette"), headers={"HX-Request": "true"})
    assert page.status_code == 401
