"""The demo as its users get it: by the command, then over the rows and the sign-in."""

import re
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.models import Count, F, Max, Q
from django.test import Client

from agentdesk.accounts.models import ClientAccount, Membership, User
from agentdesk.accounts.roles import Role
from agentdesk.audit.models import AuditEntry
from agentdesk.ops.demo import sign_ins
from agentdesk.ops.demo.load import Size, load_demo
from conversations.choices import Channel, InquiryStatus, MessageKind
from conversations.models import (
    Call,
    Conversation,
    FollowUp,
    Inbox,
    Inquiry,
    Message,
    Notification,
    Visitor,
)
from customers.models import Cart, CartLine, Customer, Identity, Order
from customers.people.text import normalise_phone, search_key

pytestmark = pytest.mark.django_db

AT = 1_795_410_000
# Their rows by what they say: the numbers of accounts and members are not the seed's.
_WORK: dict[Any, str] = {
    Inquiry: "reference status channel subject summary reason__name owner__user__email"
    " opened_at closed_at snoozed_until waiting_since",
    Call: "conversation_id member__user__email direction from_number to_number state"
    " rang_at answered_at ended_at outcome draft",
    FollowUp: "conversation_id owner__user__email text due_at done_at",
    Visitor: "customer_id key language page_url page_title stated last_seen_at",
    Cart: "customer_id updated_at",
    CartLine: "cart__customer_id position name quantity unit_price",
}
SMALL = Size(customers=120, messages=900)


def _quiet(_line: str) -> None:
    pass


@pytest.fixture
def demo() -> None:
    load_demo(SMALL, say=_quiet, now=AT)


def _contents() -> list[object]:
    """Everything a seed decides."""
    return [
        list(Customer.objects.order_by("pk").values_list("pk", "name_key", "address")),
        list(Identity.objects.order_by("pk").values_list("kind", "value")),
        list(Order.objects.order_by("pk").values_list("number", "total", "placed_at")),
        list(Message.objects.order_by("pk").values_list("kind", "body", "occurred_at")),
        list(Inbox.objects.order_by("pk").values_list("key", flat=True)),
        *(
            list(model.objects.order_by("pk").values_list(*names.split()))
            for model, names in _WORK.items()
        ),
    ]


def test_the_command_loads_both_companies_and_prints_the_sign_ins():
    output = StringIO()
    call_command("seed_demo", customers=60, messages=400, stdout=output)
    assert set(ClientAccount.objects.values_list("slug", flat=True)) == {
        "kogane",
        "hinata",
    }
    for _role, email, password in sign_ins():
        assert email in output.getvalue()
        assert password in output.getvalue()


def test_it_refuses_a_database_that_is_not_empty_and_changes_nothing(demo):
    before = Message.objects.count(), User.objects.count()
    with pytest.raises(CommandError, match="not empty"):
        call_command("seed_demo", stdout=StringIO())
    assert (Message.objects.count(), User.objects.count()) == before


def test_a_sign_up_of_ones_own_is_enough_to_refuse():
    User.objects.create_user("owner@example.com", "a-password-1")
    with pytest.raises(CommandError, match="not empty"):
        call_command("seed_demo", stdout=StringIO())
    assert not ClientAccount.objects.exists()


def test_six_people_in_three_roles_can_sign_in_and_one_works_for_both(demo, client):
    assert User.objects.count() == len(sign_ins()) == 6
    assert set(Membership.objects.values_list("role", flat=True)) == set(Role.values)
    both = User.objects.annotate(places=Count("memberships")).filter(places=2)
    assert both.count() == 1
    for _role, email, password in sign_ins():
        assert Client().login(username=email, email=email, password=password)


def _loaded(*, seed: int, is_bulk: bool = False) -> list[object]:
    """What a load puts into the empty database, which is empty again afterwards."""
    with connection.cursor() as cursor:
        cursor.execute("savepoint before_the_demo")
        load_demo(SMALL, seed=seed, say=_quiet, is_bulk=is_bulk, now=AT)
        contents = _contents()
        cursor.execute("rollback to savepoint before_the_demo")
    return contents


def test_the_same_seed_gives_the_same_demo():
    assert _loaded(seed=7) == _loaded(seed=7)


def test_loading_in_bulk_gives_the_same_demo():
    assert _loaded(seed=7) == _loaded(seed=7, is_bulk=True)


def test_another_seed_gives_another_demo():
    assert _loaded(seed=1)[0] != _loaded(seed=2)[0]


def _schema() -> list[str]:
    """Indexes and constraints, without the casts that PostgreSQL spells anew."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select indexdef from pg_indexes where schemaname = 'public' "
            "union all select conrelid::regclass || conname || "
            "pg_get_constraintdef(oid) || convalidated from pg_constraint order by 1"
        )
        return [
            re.sub(r"::[a-z ]+(\[\])?|[()]", "", row[0]) for row in cursor.fetchall()
        ]


def test_loading_in_bulk_puts_every_index_and_constraint_back():
    before = _schema()
    load_demo(SMALL, say=_quiet, is_bulk=True)
    assert _schema() == before


def test_the_customers_are_found_as_the_desk_looks_for_them(demo):
    assert Customer.objects.count() == SMALL.customers
    for customer in Customer.objects.all():
        assert customer.name_key == search_key(
            customer.family_name + customer.given_name
        )
        assert customer.kana_key == search_key(
            customer.family_kana + customer.given_kana
        )
    for phone in Identity.objects.filter(kind="phone"):
        assert phone.value == normalise_phone(phone.raw, "JP")
    hosts = {
        identity.value.rpartition("@")[2]
        for identity in Identity.objects.filter(kind="email")
    }
    assert all(re.search(r"(^|\.)example\.(jp|com)$", host) for host in hosts)


def test_every_channel_and_every_state_has_something_to_show(demo):
    channels = set(
        Message.objects.exclude(channel="").values_list("channel", flat=True)
    )
    assert channels >= {Channel.WEBCHAT, Channel.PHONE, Channel.EMAIL, Channel.LINE}
    assert set(Inquiry.objects.values_list("status", flat=True)) >= {
        InquiryStatus.NEW,
        InquiryStatus.ACTIVE,
        InquiryStatus.PENDING,
        InquiryStatus.DONE,
    }
    for account in ClientAccount.objects.all():
        assert Inquiry.objects.filter(account=account).open().unassigned().exists()
    assert Inquiry.objects.filter(snoozed_until__isnull=False).exists()
    for model in (FollowUp, Notification, Cart, Call, AuditEntry):
        assert model.objects.exists()


def test_what_is_open_is_consistent_with_its_messages(demo):
    for inquiry in Inquiry.objects.open():
        last = (
            inquiry.messages.filter(kind__in=[MessageKind.TEXT, MessageKind.PHONE_NOTE])
            .order_by("-occurred_at", "-pk")
            .first()
        )
        assert last is not None
        assert (inquiry.waiting_since is not None) == last.is_inbound
        assert (inquiry.status == InquiryStatus.NEW) <= (inquiry.owner_id is None)


def test_conversations_repeat_their_newest_message(demo):
    written = Q(messages__kind__in=[MessageKind.TEXT, MessageKind.PHONE_NOTE])
    late = Conversation.objects.annotate(
        newest=Max("messages__occurred_at", filter=written)
    ).exclude(newest=F("last_message_at"))
    assert not late.exists()
    assert not Conversation.objects.filter(preview="").exists()


def test_no_placeholder_and_no_escape_is_left_in_what_people_read(demo):
    for body in Message.objects.values_list("body", flat=True):
        assert not re.search(r"[{}]|\\n", body)
    for summary in Inquiry.objects.values_list("summary", flat=True):
        assert not re.search(r"[{}]|\\n", summary)


def test_new_rows_take_the_next_number(demo):
    highest = Customer.objects.aggregate(highest=Max("pk"))["highest"]
    account = ClientAccount.objects.get(slug="kogane")
    assert Customer.objects.create(account=account).pk == highest + 1
