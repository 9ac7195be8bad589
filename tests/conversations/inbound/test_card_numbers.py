"""A card number never reaches the database or the log, by whichever door it comes."""

import re
import unicodedata
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from conversations.choices import CallState
from conversations.models import Call, Message
from customers.choices import AttributeKind, IdentityKind
from customers.models import AttributeDefinition, Customer, Identity, Order
from tests.conversations.phone import Pbx, phone_inbox_of
from tests.conversations.webchat.chat import ChatVisitor
from tests.customers.order_files import rejected, run, text_of
from tests.customers.people.test_edit_customer import opened
from tests.factories.conversations import ContactReasonFactory
from tests.factories.customers import CustomerFactory, StoreFactory

pytestmark = pytest.mark.django_db(transaction=True)

CARD = "4111111111111111"
TYPED = "番号は４１１１-1111 1111　1111、期限は12/28"
_APART = re.compile(r"[\W_]|\\u200b|\\n")


def rows_with_the_card() -> list[str]:
    """All rows of all tables in which the digits stand, whatever is between them."""
    found = []
    for table in connection.introspection.table_names():
        with connection.cursor() as cursor:
            name = connection.ops.quote_name(table)
            cursor.execute(f"select row_to_json(t)::text from {name} t")  # noqa: S608
            for (row,) in cursor.fetchall():
                bare = _APART.sub("", unicodedata.normalize("NFKC", row))
                if CARD in bare or CARD.encode().hex() in bare:
                    found.append(f"{table}: {row[:300]}")
    return found


@pytest.fixture
def customer(account):
    return CustomerFactory(account=account)


def test_nothing_a_visitor_tells_keeps_one(webchat):
    visitor = ChatVisitor(webchat)
    visitor.begin(url=f"https://shop.example.jp/?n={CARD}", title=TYPED)
    visitor.send(TYPED)
    visitor.begin(url=f"https://shop.example.jp/?n={CARD}", title=TYPED)
    visitor.post("page/", {"url": f"https://shop.example.jp/{CARD}", "title": TYPED})
    about = {"name": f"山田 {CARD}", "subject": TYPED}
    assert visitor.post("about/", about).status_code == 200
    assert visitor.post("about/", {"phone": CARD}).status_code == 422
    assert visitor.post("about/", {"email": f"{CARD}@x.jp"}).status_code == 422
    assert Message.objects.filter(body__contains="•••• 1111、期限").count() == 1
    assert rows_with_the_card() == []


def test_nothing_a_member_writes_to_or_about_a_customer_keeps_one(
    client_of, agent, account, webchat, conversation
):
    visitor = ChatVisitor(webchat)
    visitor.begin()
    visitor.send("こんにちは")
    message = Message.objects.get(body="こんにちは")
    client, reason = client_of(agent), ContactReasonFactory(account=account)
    pk = message.conversation_id
    for kind in ("reply", "note"):
        draft = {"kind": kind, "body": TYPED}
        assert client.post(reverse("desk:draft", args=[pk]), draft).status_code == 204
        assert rows_with_the_card() == []
        sent = draft | {"client_id": str(uuid4())}
        response = client.post(reverse("desk:compose", args=[pk]), sent)
        assert response.status_code == 409
        assert rows_with_the_card() == []
        sent["confirmed"] = response.context["check"].token
        assert client.post(reverse("desk:compose", args=[pk]), sent).status_code == 201
    closing = {"reason": reason.pk, "status": "done", "summary": TYPED}
    path = reverse("desk:close", args=[message.inquiry_id])
    assert client.post(path, closing).status_code == 204
    assert rows_with_the_card() == []


def test_nothing_written_during_a_call_keeps_one(client_of, agent, account, customer):
    phone_inbox_of(account)
    client = client_of(agent)
    client.post(reverse("desk:call-start"), {"customer": customer.pk})
    call = Call.objects.get()
    draft = {"request": TYPED, "version": 0}
    path = reverse("desk:call-draft", args=[call.pk])
    assert "•••• 1111" in client.post(path, draft).json()["lines"]["request"]
    assert rows_with_the_card() == []
    due = timezone.localtime() + timedelta(days=1)
    wrap_up = {
        "outcome": "call_back",
        "request": TYPED,
        "answer": TYPED,
        "follow_up": f"{CARD}へ",
        "follow_up_at": due.strftime("%Y-%m-%dT%H:%M"),
    }
    path = reverse("desk:call-finish", args=[call.pk])
    assert client.post(path, wrap_up).status_code == 200
    call.refresh_from_db()
    assert call.state == CallState.FINISHED
    assert rows_with_the_card() == []


def test_nothing_known_of_a_customer_is_one(client_of, agent, account, customer):
    AttributeDefinition.objects.create(
        account=account, key="memo", label="メモ", kind=AttributeKind.TEXT
    )
    client = client_of(agent)
    head = opened(client, customer)
    head |= {"customer-caution": TYPED, "customer-given_name": CARD}
    path = reverse("customers:edit-head", args=[customer.pk])
    assert client.post(path, head).status_code == 200
    profile = opened(client, customer, "profile")
    profile |= {"customer-address": TYPED, "customer-attribute-memo": TYPED}
    path = reverse("customers:edit-profile", args=[customer.pk])
    assert client.post(path, profile).status_code == 200
    customer.refresh_from_db()
    assert "•••• 1111" in customer.attributes["memo"]
    path = reverse("customers:add-identity", args=[customer.pk])
    for kind in (IdentityKind.SHOP, IdentityKind.PHONE, IdentityKind.EMAIL):
        typed = {"kind": kind, "value": CARD}
        assert client.post(path, typed).status_code == 422
    assert (
        client.post(path, {"kind": "shop", "value": "9" * 15 + "5"}).status_code == 200
    )
    assert Identity.objects.get().value == "9" * 15 + "5"
    assert rows_with_the_card() == []


def test_an_import_masks_words_and_refuses_keys(tmp_path, account):
    StoreFactory(account=account, code="EC")
    path = tmp_path / "orders.csv"
    words = {"商品名": TYPED, "住所": TYPED, "支払方法": f"カード {CARD}", "氏名": CARD}
    own = {
        "注文番号": "9" * 15 + "5",
        "会員番号": "M-9",
        "電話番号": "",
        "メールアドレス": "",
    }
    path.write_text(text_of(words, {"注文番号": CARD}, own, {"会員番号": CARD}))
    run(path)
    assert set(Order.objects.values_list("number", flat=True)) == {
        "KG-1001",
        own["注文番号"],
    }
    reasons = [row[1] for row in rejected(path)]
    assert reasons == [
        "注文番号にカード番号が入っています。",
        "会員番号にカード番号が入っています。",
    ]
    assert CARD not in path.with_name("orders.csv.rejected.csv").read_text("utf-8-sig")
    assert Customer.objects.filter(address__contains="•••• 1111、期限").exists()
    assert rows_with_the_card() == []


def test_an_event_of_a_telephone_system_keeps_none(account, queue):
    pbx = Pbx(phone_inbox_of(account, queue))
    pbx.post_event(
        "ringing",
        **{"from": CARD, "note": TYPED, "deep": [{"n": int(CARD), "f": float(CARD)}]},
    )
    assert Call.objects.get().from_number == "•••• •••• •••• 1111"
    assert rows_with_the_card() == []


def test_a_number_looked_for_does_not_reach_the_log(client_of, agent, caplog):
    with caplog.at_level("INFO"):
        client_of(agent).get("/calls/find/", {"q": CARD})
        client_of(agent).get(f"/customers/{CARD}/")
    assert "GET /calls/find/" in caplog.text
    assert CARD not in caplog.text
    assert "?q" not in caplog.text
