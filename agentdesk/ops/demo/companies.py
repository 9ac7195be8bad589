"""Creates the users and the two client companies with all their settings."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from fnmatch import fnmatchcase
from functools import cached_property
from random import Random
from typing import Any

from django.contrib.auth.hashers import make_password

from agentdesk.accounts.models import ClientAccount, Membership, OpeningHours, User
from agentdesk.accounts.roles import Role
from agentdesk.crypto import seal
from agentdesk.ops.demo.cast import CAST, PASSWORD
from agentdesk.ops.demo.channels import connect, instagram_account
from agentdesk.ops.demo.templates import create_templates
from agentdesk.ops.demo.texts import Scene, Weighted, company, scenes, weighted
from conversations.choices import Channel
from conversations.models import ContactReason, Inbox, Queue, WebChatSettings
from customers.choices import StoreKind
from customers.models import AttributeDefinition, MemberRank, Product, Store

SLUGS = ("kogane", "hinata")
_KEY_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


@dataclass(frozen=True)
class Member:
    pk: int
    user_id: int
    name: str
    family_name: str


@dataclass(frozen=True)
class Shop:
    pk: int
    code: str
    name: str


@dataclass(frozen=True)
class Item:
    pk: int
    sku: str
    name: str
    price: int


@dataclass
class Company:
    """What the generators need to know of an account: numbers and words."""

    account: ClientAccount
    words: dict[str, Any]
    members: list[Member] = field(default_factory=list)
    agents: list[Member] = field(default_factory=list)
    supervisors: list[Member] = field(default_factory=list)
    queue_id: int = 0
    inboxes: dict[str, int] = field(default_factory=dict)
    webchat_key: str = ""
    instagram_account: str = ""
    ranks: Weighted = field(default_factory=lambda: weighted([], []))
    reasons: dict[str, int] = field(default_factory=dict)
    ec: Shop = field(default_factory=lambda: Shop(0, "", ""))
    stores: list[Shop] = field(default_factory=list)
    items: list[Item] = field(default_factory=list)
    extras: list[Item] = field(default_factory=list)
    fitting: dict[str, list[Item]] = field(default_factory=dict)  # by a scene's subject
    scenes: Weighted = field(default_factory=lambda: weighted([], []))

    @property
    def pk(self) -> int:
        return self.account.pk

    def is_about(self, scene: Scene, sku: str) -> bool:
        """Whether the scene can be about this product."""
        return sku in self._skus[scene.subject]

    @cached_property
    def _skus(self) -> dict[str, set[str]]:
        return {
            subject: {item.sku for item in items}
            for subject, items in self.fitting.items()
        }


def create_companies(rng: Random, now: int) -> list[Company]:
    """Both accounts with members, inboxes, reasons, ranks, stores and products."""
    users = _create_users(now)
    return [_create_company(rng, slug, users, now) for slug in SLUGS]


def _create_users(now: int) -> dict[str, User]:
    password = make_password(PASSWORD)
    users = [
        User(
            email=person.email,
            family_name=person.family_name,
            given_name=person.given_name,
            family_kana=person.family_kana,
            given_kana=person.given_kana,
            password=password,
        )
        for person in CAST
    ]
    return {user.email: user for user in User.objects.bulk_create(users)}


def _create_company(
    rng: Random, slug: str, users: dict[str, User], now: int
) -> Company:
    words = company(slug)
    account = ClientAccount.objects.create(
        name=words["name"],
        slug=slug,
        colour=words["colour"],
        phone_number=words["phone"],
    )
    made = Company(account, words, scenes=scenes(slug))
    _create_hours(account)
    _create_members(made, users)
    _create_inboxes(made, rng, now)
    _create_reasons(made)
    create_templates(account, made.words, now)
    _create_settings_customers(made)
    _create_shops(made)
    _create_items(made)
    return made


def _create_hours(account: ClientAccount) -> None:
    """Open at any hour, so that the demo answers whenever it is tried."""
    OpeningHours.objects.bulk_create(
        OpeningHours(account=account, weekday=day, opens=time(0), closes=time(0))
        for day in range(7)
    )


def _create_members(made: Company, users: dict[str, User]) -> None:
    for person in CAST:
        for place in person.places:
            if place.account != made.account.slug:
                continue
            user = users[person.email]
            row = Membership.objects.create(
                user=user,
                account=made.account,
                role=place.role,
                extension=place.extension,
            )
            member = Member(row.pk, user.pk, user.name, user.family_name)
            made.members.append(member)
            if place.role == Role.AGENT:
                made.agents.append(member)
            else:
                made.supervisors.append(member)


def _create_inboxes(made: Company, rng: Random, now: int) -> None:
    queue = Queue.objects.create(
        account=made.account, name="お客様窓口", is_default=True
    )
    made.queue_id = queue.pk
    account_number = SLUGS.index(made.account.slug) + 1
    made.instagram_account = instagram_account(account_number)
    for channel, name in made.words["inboxes"].items():
        inbox = Inbox.objects.create(
            account=made.account,
            queue=queue,
            channel=channel,
            name=name,
            key="".join(rng.choice(_KEY_LETTERS) for _index in range(16)),
        )
        made.inboxes[channel] = inbox.pk
        connect(inbox, account_number)
        if channel == Channel.WEBCHAT:
            made.webchat_key = inbox.key
            _create_webchat(made, inbox, rng)
    opened = datetime.fromtimestamp(now, tz=UTC) - timedelta(days=3 * 365)
    Inbox.objects.filter(account=made.account).update(created_at=opened)


def _create_webchat(made: Company, inbox: Inbox, rng: Random) -> None:
    words = dict(made.words["webchat"])
    WebChatSettings.objects.create(
        inbox=inbox,
        colour=made.account.colour,
        allowed_origins=[words.pop("origin")],
        identity_secret=seal(f"{rng.getrandbits(256):064x}"),
        **words,
    )


def _create_reasons(made: Company) -> None:
    for position, (name, children) in enumerate(made.words["reasons"].items()):
        parent = ContactReason.objects.create(
            account=made.account, name=name, position=position
        )
        rows = ContactReason.objects.bulk_create(
            ContactReason(
                account=made.account, parent=parent, name=child, position=index
            )
            for index, child in enumerate(children)
        )
        made.reasons |= {f"{name}/{row.name}": row.pk for row in rows}


def _create_settings_customers(made: Company) -> None:
    ranks = MemberRank.objects.bulk_create(
        MemberRank(
            account=made.account,
            name=rank["name"],
            colour=rank["colour"],
            position=position,
        )
        for position, rank in enumerate(made.words["ranks"])
    )
    shares = [rank["share"] for rank in made.words["ranks"]]
    made.ranks = weighted([rank.pk for rank in ranks], shares)
    AttributeDefinition.objects.bulk_create(
        AttributeDefinition(
            account=made.account,
            position=position,
            key=attribute["key"],
            label=attribute["label"],
            kind=attribute["kind"],
            options=attribute["options"],
        )
        for position, attribute in enumerate(made.words["attributes"])
    )


def _create_shops(made: Company) -> None:
    rows = Store.objects.bulk_create(
        Store(account=made.account, **store) for store in made.words["stores"]
    )
    for row in rows:
        shop = Shop(row.pk, row.code, row.name)
        if row.kind == StoreKind.EC:
            made.ec = shop
        else:
            made.stores.append(shop)


def _create_items(made: Company) -> None:
    colours = made.words["variants"]["colours"]
    products = [
        Product(
            account=made.account,
            sku=f"{code}-{colours[colour]}-{size}",
            name=f"{name}（{colour}／{size}）",
            price=price,
        )
        for code, name, price, variety in made.words["products"]
        for colour in list(colours)[:variety]
        for size in made.words["variants"]["sizes"]
    ]
    products += [
        Product(account=made.account, sku=sku, name=name, price=price)
        for sku, name, price in (
            *made.words["single_products"],
            *made.words["extra_products"],
        )
    ]
    items = [
        Item(row.pk, row.sku, row.name, row.price)
        for row in Product.objects.bulk_create(products)
    ]
    main = len(items) - len(made.words["extra_products"])
    made.items, made.extras = items[:main], items[main:]
    for scene in made.scenes.items:
        made.fitting[scene.subject] = [
            item
            for item in made.items
            if not scene.items
            or any(fnmatchcase(item.sku, pattern) for pattern in scene.items)
        ]
