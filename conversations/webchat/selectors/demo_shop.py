"""The demo's shop page: what a real shop's own server would know."""

import re
import time
from dataclasses import dataclass

from agentdesk import crypto as credentials
from agentdesk.accounts.models import ClientAccount
from conversations.adapters.registry import channels_that
from conversations.adapters.webchat.identity import sign_identity
from conversations.choices import OPEN_INBOX_STATES, Channel
from conversations.models import Inbox
from customers.choices import IdentityKind
from customers.models import Customer, Identity, Product

SHOWN = 8
SHOPPERS = 3
_LOOKED_AT = 100
# "（ネイビー／S）", " 24cm": what one kind of goods comes in.
_VARIANT = re.compile(r"\s*（[^）]*）$|\s+\d+(?:cm|mm)$")
_TOKEN_SECONDS = 3600


@dataclass(frozen=True)
class BasketLine:
    product: Product
    quantity: int

    @property
    def amount(self) -> int:
        return self.quantity * self.product.price


def goods(account: ClientAccount) -> list[Product]:
    """Different things, each in one size and colour."""
    rows = Product.objects.filter(account=account, price__gt=0).order_by("pk")
    by_kind: dict[str, Product] = {}
    for product in rows[:_LOOKED_AT]:
        by_kind.setdefault(_VARIANT.sub("", product.name), product)
    return list(by_kind.values())[:SHOWN]


def basket(account: ClientAccount, quantities: dict[str, int]) -> list[BasketLine]:
    return [
        BasketLine(product, quantities[product.sku])
        for product in goods(account)
        if quantities.get(product.sku, 0) > 0
    ]


def shoppers(account: ClientAccount) -> list[Customer]:
    """A few customers whom the shop can sign in."""
    named = Identity.objects.filter(
        account=account, kind=IdentityKind.SHOP, scope=""
    ).exclude(customer__family_name="")
    rows = named.select_related("customer").order_by("pk")[:SHOPPERS]
    return [identity.customer for identity in rows]


def shop_id_of(shopper: Customer) -> str:
    rows = shopper.identities.filter(kind=IdentityKind.SHOP, scope="")
    return rows.order_by("pk").values_list("value", flat=True)[0]


def linking_inbox_of(account: ClientAccount) -> Inbox | None:
    """The inbox whose customers link it with their account at the shop."""
    channels = channels_that("links_accounts")
    rows = Inbox.objects.filter(account=account, channel__in=channels)
    return rows.filter(connection__is_simulated=True).order_by("pk").first()


def chat_of(account: ClientAccount) -> Inbox | None:
    return (
        Inbox.objects.select_related("webchat")
        .filter(account=account, channel=Channel.WEBCHAT, state__in=OPEN_INBOX_STATES)
        .filter(webchat__isnull=False)
        .order_by("pk")
        .first()
    )


def identity_token(inbox: Inbox, shopper: Customer, lines: list[BasketLine]) -> str:
    """What the shop signs of its shopper; empty where the inbox has no secret."""
    sealed = inbox.webchat.identity_secret
    if not sealed:
        return ""
    known = {
        str(identity.kind): identity.raw or identity.value
        for identity in shopper.identities.filter(scope="").order_by("-pk")
    }
    now = int(time.time())
    claims = {
        "sub": known[IdentityKind.SHOP],
        "name": shopper.name,
        "kana": shopper.kana,
        "email": known.get(IdentityKind.EMAIL, ""),
        "phone": known.get(IdentityKind.PHONE, ""),
        "iat": now,
        "exp": now + _TOKEN_SECONDS,
        "cart": [
            {
                "sku": line.product.sku,
                "name": line.product.name,
                "quantity": line.quantity,
                "unit_price": line.product.price,
            }
            for line in lines
        ],
    }
    return sign_identity(claims, credentials.unseal(sealed))
