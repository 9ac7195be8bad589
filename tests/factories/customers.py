import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from customers.choices import IdentityKind, OrderStatus, StoreKind
from customers.models import Claim, Customer, Identity, Order, OrderLine, Store
from customers.people.text import search_key
from tests.factories.accounts import ClientAccountFactory


class CustomerFactory(DjangoModelFactory):
    class Meta:
        model = Customer

    account = factory.SubFactory(ClientAccountFactory)
    family_name = "山田"
    given_name = "太郎"
    family_kana = "ヤマダ"
    given_kana = "タロウ"
    name_key = factory.LazyAttribute(lambda c: search_key(c.family_name + c.given_name))
    kana_key = factory.LazyAttribute(lambda c: search_key(c.family_kana + c.given_kana))


class IdentityFactory(DjangoModelFactory):
    class Meta:
        model = Identity

    customer = factory.SubFactory(CustomerFactory)
    account = factory.SelfAttribute("customer.account")
    kind = IdentityKind.PHONE
    value = factory.Sequence(lambda n: f"+8190{n:08}")
    source = "test"


class StoreFactory(DjangoModelFactory):
    class Meta:
        model = Store

    account = factory.SubFactory(ClientAccountFactory)
    code = factory.Sequence(lambda n: f"S{n}")
    name = "オンラインショップ"
    kind = StoreKind.EC


class OrderFactory(DjangoModelFactory):
    class Meta:
        model = Order

    customer = factory.SubFactory(CustomerFactory)
    account = factory.SelfAttribute("customer.account")
    store = factory.SubFactory(StoreFactory, account=factory.SelfAttribute("..account"))
    number = factory.Sequence(lambda n: f"KG-{100000 + n}")
    placed_at = factory.LazyFunction(timezone.now)
    status = OrderStatus.SHIPPED
    total = 12800


class OrderLineFactory(DjangoModelFactory):
    class Meta:
        model = OrderLine

    order = factory.SubFactory(OrderFactory)
    account = factory.SelfAttribute("order.account")
    position = factory.Sequence(lambda n: n + 1)
    name = "リネンシャツ"
    unit_price = 12800


class ClaimFactory(DjangoModelFactory):
    class Meta:
        model = Claim

    customer = factory.SubFactory(CustomerFactory)
    account = factory.SelfAttribute("customer.account")
    kind = IdentityKind.PHONE
    value = factory.Sequence(lambda n: f"+8170{n:08}")
    source = "webchat"
