"""定型文 in the composer: found while one types, filled in for the customer."""

from datetime import UTC, datetime

import pytest
from django.urls import reverse

from conversations.choices import Channel
from conversations.models import Reach, Template
from customers.choices import OrderStatus
from customers.models import Customer, Shipment
from tests.factories.conversations import InboxFactory, TemplateFactory
from tests.factories.customers import IdentityFactory, OrderFactory
from tests.receiving import receive_message


@pytest.fixture
def offer(client_of, agent, conversation, django_assert_max_num_queries):
    def offering(query="", **fields) -> list[str]:
        url, client = (
            reverse("desk:templates", args=[conversation.pk]),
            client_of(agent),
        )
        with django_assert_max_num_queries(14):
            answer = client.get(url, {"q": query} | fields)
        assert answer.status_code == 200
        return [offer.template.name for offer in answer.context["offers"]]

    return offering


@pytest.fixture
def insert(client_of, agent, conversation):
    def inserting(body, **fields) -> str:
        template = TemplateFactory(account=conversation.account, body=body)
        url = reverse("desk:template", args=[conversation.pk, template.pk])
        answer = client_of(agent).post(url, fields)
        assert answer.status_code == 200
        text: str = answer.json()["text"]
        return text

    return inserting


@pytest.fixture
def templates(account):
    for name, folder, shortcut, uses in (
        ("はいそう状況", "配送", "haisou", 3),
        ("お詫び", "配送/遅延", "okurejp", 9),
        ("ﾎﾟｲﾝﾄの期限", "会員", "", 1),
    ):
        TemplateFactory(
            account=account,
            name=name,
            folder=folder,
            shortcut=shortcut,
            uses=uses,
            body=f"{name}のご案内です",
        )


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", ["お詫び", "はいそう状況", "ﾎﾟｲﾝﾄの期限"]),
        ("はいそう", ["はいそう状況"]),
        ("ハイソウ", ["はいそう状況"]),
        ("ﾊｲｿｳ", ["はいそう状況"]),
        ("haiso", ["はいそう状況"]),
        ("おくれ", ["お詫び"]),
        ("okure", ["お詫び"]),
        ("ぽいんと", ["ﾎﾟｲﾝﾄの期限"]),
        ("pointo", ["ﾎﾟｲﾝﾄの期限"]),
        ("ポイントの期限のご案内", ["ﾎﾟｲﾝﾄの期限"]),
        ("配送", ["お詫び", "はいそう状況"]),
        ("%", []),
        ("\0_", []),
    ],
)
def test_templates_are_found_as_people_type(offer, templates, query, names):
    assert offer(query) == names


def test_what_is_offered_is_of_this_account_and_channel(
    offer, account, other_account, conversation, webchat
):
    receive_message(
        conversation.customer, inbox=webchat, channel=Channel.WEBCHAT, body="質問"
    )
    TemplateFactory(account=account, name="どこでも")
    TemplateFactory(account=account, name="チャット", channels=["webchat", "line"])
    TemplateFactory(account=account, name="メール", channels=["email"])
    TemplateFactory(account=other_account, name="他社")
    TemplateFactory(account=account, name="引退", retired_at=datetime.now(UTC))
    assert offer() == ["どこでも", "チャット"]
    line = InboxFactory(account=account, queue=webchat.queue, channel=Channel.LINE)
    identity = IdentityFactory(customer=conversation.customer, kind="line", value="U1")
    Reach.objects.create(account=account, inbox=line, identity=identity)
    TemplateFactory(account=account, name="ライン", channels=["line"])
    assert offer(via=f"{line.pk}:{identity.pk}") == ["どこでも", "チャット", "ライン"]
    assert offer(via="1:1") == ["どこでも", "チャット"]


def test_variables_are_filled_in_for_the_customer(
    insert, agent, account, conversation, webchat
):
    receive_message(
        conversation.customer, inbox=webchat, channel=Channel.WEBCHAT, body="質問"
    )
    old = OrderFactory(
        customer=conversation.customer,
        number="KG-1",
        placed_at=datetime(2026, 1, 2, 16, tzinfo=UTC),
    )
    new = OrderFactory(
        customer=conversation.customer, number="KG-2", status=OrderStatus.DELIVERED
    )
    Shipment.objects.create(
        account=account, order=new, carrier="ヤマト運輸", tracking_number="1234-5678"
    )
    inquiry = conversation.inquiries.get()
    text = insert(
        "{{customer.name}}／{{お客様姓}}／{{ customer.kana }}／｛｛担当者姓｝｝"
    )
    assert text == "山田 太郎 様／山田 様／ヤマダ タロウ／佐藤"
    assert insert("{{order.number}} {{注文金額}}") == "KG-2 ¥12,800"
    assert insert("{{注文番号}} {{注文日}}", order=old.pk) == "KG-1 2026年1月3日"
    assert insert("{{配送業者}}{{追跡番号}}") == "ヤマト運輸1234-5678"
    assert "kuronekoyamato" in insert("{{order.tracking_url}}")
    assert insert("{{受付番号}}、{{会社名}}") == f"{inquiry.reference}、{account.name}"


def test_the_language_is_that_of_the_customers_and_not_of_the_agent(
    insert, agent, account, conversation
):
    agent.user.language = "en"
    agent.user.save()
    assert insert("{{customer.name}}") == "山田 太郎 様"
    account.locale = "en"
    account.save()
    assert insert("{{customer.name}}") == "山田 太郎"
    assert insert("{{order.number}}") == "[fill in: order number]"


def test_what_is_not_known_leaves_a_gap_that_can_be_seen(insert, conversation):
    assert insert("ご注文{{order.number}}の件") == "ご注文【要入力：注文番号】の件"
    Customer.objects.update(family_name="", given_name="")
    assert insert("{{customer.name}}へ") == "お客様へ"


def test_an_honorific_is_not_said_twice(insert):
    assert insert("{{customer.name}} 様、{{お客様姓}}さま") == "山田 太郎 様、山田 様"


def test_what_a_customer_is_called_is_not_filled_in_again(insert, conversation):
    Customer.objects.update(family_name="{{agent.name}}", given_name="{% now 'Y' %}")
    text = insert("{{customer.name}} {% now 'Y' %} {{customer.kana}}")
    assert text.startswith("{{agent.name}} {% now 'Y' %} 様 {% now 'Y' %} ")


def test_inserting_counts_as_use(insert, account):
    insert("こんにちは")
    template = Template.objects.get(account=account)
    assert template.uses == 1
    assert template.last_used_at is not None


def test_a_template_of_another_account_or_a_retired_one_is_not_found(
    client_of, agent, account, other_account, conversation
):
    for row in (
        TemplateFactory(account=other_account),
        TemplateFactory(account=account, retired_at=datetime.now(UTC)),
    ):
        url = reverse("desk:template", args=[conversation.pk, row.pk])
        assert client_of(agent).post(url).status_code == 404
