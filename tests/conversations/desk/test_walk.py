"""A walk over every address of the product: by nobody, and by a stranger."""

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import URLPattern

from tests.factories.conversations import ConversationFactory
from tests.factories.customers import CustomerFactory
from tests.routes import address_of, plain_routes, values
from tests.rows import SECRET, one_of_everything

# What anybody may ask for. Each of these guards itself: by a token, a key, or a password.
PUBLIC = {
    *("livez", "readyz", "readyz-web", "chat:", "api-v1:", "setup:", "admin:logout"),
    *("account_login", "account_inactive", "account_reset_password"),
    *("account_reset_password_done", "account_reset_password_from_key"),
    *("account_reset_password_from_key_done", "mfa_login_webauthn"),
    *("mfa_authenticate", "accounts:invitation", "accounts:join"),
    *("manifest", "service-worker", "offline"),
    *("accounts:unlock", "accounts:locked", "account_logout"),
}
REFUSALS = {401, 403, 404, 405}
SIGN_IN = ("/accounts/login/", "/operator/login/", "/desk/")


def is_public(name: str) -> bool:
    space = name.partition(":")[0] + ":"
    return name in PUBLIC or (space in PUBLIC and name != "chat:preview")


@pytest.fixture
def rows(account, agent, webchat) -> dict[str, Any]:
    return one_of_everything(account, agent, webchat)


def requested(client: Client, address: str) -> Iterator[tuple[str, Any]]:
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
        *(
            "template_pk",
            "before",
            "after",
            "key_pk",
            "key",
            "file_key",
            "token",
            "page",
        ),
        *("joining_pk", "scheduled_pk"),
        *("content_type_id", "object_id"),
    }


def test_nobody_is_let_in_without_signing_in(rows):
    client, open_doors = Client(), []
    for route, name, pattern in plain_routes():
        if is_public(name):
            continue
        address = address_of(pattern, route, values(rows, route))
        for what, response in requested(client, address):
            is_sent_away = response.status_code == 302 and response.url.startswith(
                SIGN_IN
            )
            if not is_sent_away and response.status_code not in REFUSALS:
                open_doors.append((what, response.status_code))
            assert SECRET not in text_of(response), what
    assert not open_doors, open_doors


def test_a_stranger_finds_nothing_of_another_account(rows, stranger, client_of):
    """With the ids of `account`, below its own slug and below the stranger's."""
    client, open_doors = client_of(stranger), []
    for route, name, pattern in plain_routes():
        if not pattern.pattern.converters or _is_of_nobody(route, name):
            continue
        for slug in (rows["file"].account.slug, stranger.account.slug):
            given = values(rows, route) | {"slug": slug}
            is_below_own = slug == stranger.account.slug
            if is_below_own and _is_their_own(pattern):
                continue
            address = address_of(pattern, route, given)
            found = list(requested(client, address))
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
        if pattern.pattern.converters or name in {"account_logout", "readyz"}:
            continue  # 503 is right of /readyz: no worker runs here
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
        if name.startswith(("chat:", "api-v1:", "hooks:")) and name != "chat:preview":
            # Kept by a key of their own; our cookie opens nothing there.
            assert status in {401, 403, 404, 405} or name == "chat:session", name
        elif status != 403:
            open_doors.append((address, status))
    assert not open_doors, open_doors
