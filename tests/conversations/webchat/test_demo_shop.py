"""The demo's shop: a cart, people to be, and the real chat that knows them."""

import re

import pytest

from agentdesk import crypto as credentials
from conversations.models import Visitor
from customers.choices import IdentityKind
from customers.models import Cart, Product
from tests.conversations.webchat.chat import ChatVisitor
from tests.factories.customers import CustomerFactory, IdentityFactory

pytestmark = pytest.mark.urls("tests.demo_urls")


@pytest.fixture
def shopper(webchat, account):
    webchat.webchat.identity_secret = credentials.seal("s" * 40)
    webchat.webchat.save()
    Product.objects.create(account=account, sku="K-1", name="リネンシャツ", price=12800)
    customer = CustomerFactory(account=account)
    IdentityFactory(customer=customer, kind=IdentityKind.SHOP, value="S-1")
    return customer


def page(client):
    return client.get("/demo/kogane/").content.decode()


def test_the_shop_carries_the_one_line_and_its_goods(client, webchat, shopper):
    text = page(client)
    assert f'<script src="/chat/{webchat.key}.js" async></script>' in text
    assert "リネンシャツ" in text


def test_a_signed_in_shopper_reaches_the_desk_with_their_cart(client, webchat, shopper):
    client.post("/demo/kogane/sign-in/", {"shopper": shopper.pk})
    for _time in range(2):
        client.post("/demo/kogane/basket/", {"sku": "K-1", "step": "1"})
    client.post("/demo/kogane/basket/", {"sku": "unknown"})
    text = page(client)
    assert "山田 太郎 様" in text
    token = re.search(r'data-identity="([^"]+)"', text)[1]
    assert ChatVisitor(webchat).begin(identity=token)["identity"] == "verified"
    assert Visitor.objects.get().customer == shopper
    line = Cart.objects.get(customer=shopper).lines.get()
    assert (line.sku, line.quantity, line.unit_price) == ("K-1", 2, 12800)


def test_signing_out_makes_a_guest(client, shopper):
    client.post("/demo/kogane/sign-in/", {"shopper": shopper.pk})
    client.post("/demo/kogane/sign-in/", {"shopper": ""})
    assert "data-identity" not in page(client)


def test_another_shops_customer_cannot_be_chosen(client, shopper, other_account):
    other = CustomerFactory(account=other_account)
    IdentityFactory(customer=other, kind=IdentityKind.SHOP, value="S-1")
    client.post("/demo/kogane/sign-in/", {"shopper": other.pk})
    assert "data-identity" not in page(client)


def test_an_unknown_shop_is_404(client, db):
    assert client.get("/demo/nobody/").status_code == 404


def test_the_shop_shows_different_things_each_in_one_size(client, account):
    for sku, name in (
        ("A-S", "バンドカラーシャツ（紺／S）"),
        ("A-M", "バンドカラーシャツ（紺／M）"),
        ("B-20", "鉄フライパン 20cm"),
        ("B-24", "鉄フライパン 24cm"),
        ("C", "とろみブラウス"),
    ):
        Product.objects.create(account=account, sku=sku, name=name, price=5000)
    text = client.get("/demo/kogane/").content.decode()
    shown = [sku for sku in ("A-S", "A-M", "B-20", "B-24", "C") if f'"{sku}"' in text]
    assert shown == ["A-S", "B-20", "C"]
