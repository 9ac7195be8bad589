"""A walk over every address of the product: by nobody, and by a stranger."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import URLPattern, get_resolver
from django.utils import timezone

from agentdesk.accounts.models import ClosedDay, Invitation
from conversations.actions.receive import receive_message
from conversations.choices import Channel
from conversations.models import (
    Attachment,
    Call,
    FollowUp,
    InboxApiKey,
    Notification,
)
from customers.models import AttributeDefinition, MemberRank
from tests.conversations.phone import phone_inbox_of
from tests.factories.conversations import ContactReasonFactory, ConversationFactory
from tests.factories.customers import CustomerFactory, IdentityFactory, OrderFactory

SECRET = "漏洩してはならない"
# What anybody may ask for. Each of these guards itself: by a token, a key, or a password.
PUBLIC = {
    *("livez", "readyz", "chat:", "api-v1:", "setup:", "admin:login", "admin:logout"),
    *("account_login", "account_inactive", "account_reset_password"),
    *("account_reset_password_done", "account_reset_password_from_key"),
    *("account_reset_password_from_key_done", "mfa_login_webauthn"),
    *("mfa_authenticate", "accounts:invitation", "accounts:locked"),
    *("accounts:unlock", "account_logout"),
}
REFUSALS = {401, 403, 404, 405}
SIGN_IN = ("/accounts/login/", "/operator/login/", "/desk/")


def walked(patterns: list[Any], route="", space="") -> Iterator[tuple[str, str, Any]]:
    for one in patterns:
        whole = route + str(one.pattern)
        if isinstance(one, URLPattern):
            yield whole, space + (one.name or ""), one
        else:
            inner = f"{space}{one.namespace}:" if one.namespace else space
            yield from walked(one.url_patterns, whole, inner)


ROUTES = list(walked(get_resolver().url_patterns))


def is_public(name: str) -> bool:
    space = name.partition(":")[0] + ":"
    return name in PUBLIC or (space in PUBLIC and name != "chat:preview")


@pytest.fixture
def message(conversation, webchat):
    customer = conversation.customer
    customer.family_name, customer.given_name = "秘匿", SECRET
    customer.name_key = f"秘匿{SECRET}"
    customer.caution = SECRET
    customer.save()
    return receive_message(
        conversation.customer, inbox=webchat, channel=Channel.WEBCHAT, body=SECRET
    ).message


@pytest.fixture
def desk_rows(account, agent, message, phone) -> dict[str, Any]:
    conversation, now = message.conversation, timezone.now()
    held = {"account": account, "conversation": conversation}
    file = ContentFile(SECRET.encode(), "a.txt")
    customer = conversation.customer
    return {
        "calls/follow-ups": FollowUp.objects.create(
            **held, owner=agent, text=SECRET, due_at=now
        ),
        "calls": Call.objects.create(
            **held, inbox=phone, member=agent, answered_at=now
        ),
        "conversations": conversation,
        "inquiries": message.inquiry,
        "notifications": Notification.objects.create(
            **held, member=agent, kind="mention"
        ),
        "customers/identities": IdentityFactory(customer=customer),
        "customers/orders": OrderFactory(customer=customer, number=SECRET),
        "customers": customer,
        "message": message,
        "file": Attachment.objects.create(
            **held,
            message=message,
            file=file,
            name="a.txt",
            content_type="text/plain",
            size=file.size,
        ),
    }


@pytest.fixture
def phone(account, queue):
    return phone_inbox_of(account, queue)


@pytest.fixture
def rows(account, agent, webchat, phone, desk_rows) -> dict[str, Any]:
    """One row of everything of `account`, by the beginning of the routes that name it."""
    own, now = {"account": account}, timezone.now()
    settings_rows = {
        "reasons": ContactReasonFactory(**own, name=SECRET),
        "webchats": webchat,
        "phones": phone,
        "hours": ClosedDay.objects.create(**own, day=now.date(), name=SECRET),
        "ranks": MemberRank.objects.create(**own, name=SECRET),
        "attributes": AttributeDefinition.objects.create(
            **own, key="size", label=SECRET
        ),
        "people/invitations": Invitation.objects.create(
            **own, token_hash="x" * 64, expires_at=now + timedelta(days=1)
        ),
        "people": agent,
    }
    key = InboxApiKey.objects.create(inbox=phone, prefix="abc", key_hash="y" * 64)
    below = {f"settings/<slug:slug>/{name}": row for name, row in settings_rows.items()}
    return desk_rows | below | {"key": key}


def values(rows: dict[str, Any], route: str) -> dict[str, Any]:
    """What to put into the gaps of an address: the rows of `account`."""
    here = [place for place in rows if route.startswith(f"{place}/")]
    file = rows["file"]
    return {
        "pk": rows[max(here, key=len)].pk if here else 1,
        "slug": file.account.slug,
        "account_id": file.account_id,
        "reference": rows["inquiries"].reference,
        "customer_pk": rows["customers"].pk,
        "message_pk": rows["message"].pk,
        "before": rows["message"].pk,
        "key_pk": rows["key"].pk,
        "key": file.key
        if route.startswith("files/")
        else rows["settings/<slug:slug>/webchats"].key,
        "file_key": file.key,
    }


def address_of(pattern: URLPattern, route: str, given: dict[str, Any]) -> str:
    """The address of a route, with its gaps filled in (a word for what is unknown)."""
    address = route
    for name, converter in pattern.pattern.converters.items():
        kind = type(converter).__name__.removesuffix("Converter").lower()
        kind = {"string": "str"}.get(kind, kind)
        address = address.replace(f"<{kind}:{name}>", str(given.get(name, "x1")))
    return "/" + address


def plain_routes() -> list[tuple[str, str, URLPattern]]:
    """All but the few of other packages that are regular expressions."""
    return [one for one in ROUTES if "^" not in one[0] and "(?P" not in one[0]]


def asked(client: Client, address: str) -> Iterator[tuple[str, Any]]:
    htmx = {"HX-Request": "true"}
    yield f"GET {address}", client.get(address)
    yield f"GET {address} (htmx)", client.get(address, headers=htmx)
    yield f"POST {address}", client.post(address, {"client_id": str(uuid4())})


def text_of(response: Any) -> str:
    content = b"".join(response) if response.streaming else response.content
    return content.decode(errors="replace")


def test_the_walk_knows_every_address_of_ours():
    assert len(plain_routes()) > 120
    gaps = {name for _r, _n, one in plain_routes() for name in one.pattern.converters}
    assert gaps <= {
        *("pk", "slug", "account_id", "reference", "customer_pk", "message_pk"),
        *("before", "key_pk", "key", "file_key", "token", "page"),
        *("content_type_id", "object_id"),
    }


def test_nobody_is_let_in_without_signing_in(rows):
    client, open_doors = Client(), []
    for route, name, pattern in plain_routes():
        if is_public(name):
            continue
        address = address_of(pattern, route, values(rows, route))
        for what, response in asked(client, address):
            is_sent_away = response.status_code == 302 and response.url.startswith(
                SIGN_IN
            )
            if not is_sent_away and response.status_code not in REFUSALS:
                open_doors.append((what, response.status_code))
            assert SECRET not in text_of(response), what
    assert not open_doors, open_doors


def test_a_stranger_finds_nothing_of_another_account(rows, stranger, client_of):
    """With the ids of `account`, below its own slug and below the stranger's."""
    open_doors = []
    for route, name, pattern in plain_routes():
        if not pattern.pattern.converters or _is_of_nobody(route, name):
            continue
        for slug in (rows["file"].account.slug, stranger.account.slug):
            given = values(rows, route) | {"slug": slug}
            is_below_own = slug == stranger.account.slug
            if is_below_own and _is_their_own(pattern):
                continue
            address = address_of(pattern, route, given)
            found = list(asked(client_of(stranger), address))
            open_doors += [
                (what, response.status_code)
                for what, response in found
                if response.status_code not in (404, 405)
            ]
            assert 404 in {response.status_code for _what, response in found}, address
    assert not open_doors, open_doors
    for row in rows.values():
        assert type(row).objects.filter(pk=row.pk).exists(), row


def _is_of_nobody(route: str, name: str) -> bool:
    """Addresses whose gaps are not the ids of an account's rows."""
    is_ours = name == "chat:preview" or not is_public(name)
    return not is_ours or route.startswith(("operator/", "accounts/2fa/"))


def _is_their_own(pattern: URLPattern) -> bool:
    return set(pattern.pattern.converters) == {"slug"}


def test_a_stranger_reads_no_message_or_file_through_a_conversation_of_their_own(
    rows, stranger, client_of
):
    theirs = ConversationFactory(customer=CustomerFactory(account=stranger.account))
    message, client = rows["message"], client_of(stranger)
    address = f"/conversations/{theirs.pk}/messages/{message.pk}/"
    assert client.get(address).status_code == 404
    earlier = f"/conversations/{theirs.pk}/messages/before/{message.pk}/"
    assert SECRET not in text_of(client.get(earlier))


@pytest.mark.parametrize("query", ["", "?q=秘匿"])
def test_no_page_or_search_of_a_stranger_shows_another_account(
    rows, stranger, client_of, query
):
    client, answered = client_of(stranger), 0
    for route, name, pattern in plain_routes():
        if pattern.pattern.converters or name == "account_logout":
            continue
        for headers in ({}, {"HX-Request": "true"}):
            response = client.get(f"/{route}{query}", headers=headers)
            answered += response.status_code == 200
            assert response.status_code < 500, route
            assert SECRET not in text_of(response), route
    assert answered > 20


def test_the_same_walk_of_a_member_does_see_it(rows, agent, client_of):
    """The proof of the proof: what is hidden from a stranger is there."""
    client = client_of(agent)
    file = rows["file"]
    for address in (
        f"/conversations/{file.conversation_id}/",
        f"/customers/{rows['customers'].pk}/",
        f"/files/{file.key}/",
        "/desk/inquiries/",
    ):
        response = client.get(address)
        assert response.status_code == 200, address
        assert SECRET in text_of(response), address


def test_no_post_counts_without_the_token_of_its_page(rows, admin, client_of):
    client, open_doors = Client(enforce_csrf_checks=True), []
    client.cookies = client_of(admin).cookies
    for route, name, pattern in plain_routes():
        address = address_of(pattern, route, values(rows, route))
        status = client.post(address).status_code
        if name.startswith(("chat:", "api-v1:")) and name != "chat:preview":
            # Kept by a key of their own; our cookie opens nothing there.
            assert status in {401, 403, 404, 405} or name == "chat:session", name
        elif status != 403:
            open_doors.append((address, status))
    assert not open_doors, open_doors
