"""Asking a provider what a customer calls themselves, and their picture."""

import secrets
from contextlib import suppress

import httpx2
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone

from agentdesk import http_client as outbound
from conversations.adapters.base import Profile
from conversations.adapters.events import Address, Person
from conversations.adapters.failures import NotOfferedError, SendError
from conversations.connections.renew_secrets import connected
from conversations.live import events
from conversations.messages.files import received_kind
from conversations.models import Reach
from conversations.models.message import SHOWN_IMAGES
from customers.people.actions.name_customer import show_name

_LARGEST_PICTURE = 2 * 1024 * 1024


def fetch_profile(pk: int) -> Reach | None:
    """Once; a provider that does not tell is not asked again for this address."""
    rows = Reach.objects.select_related(
        "inbox__connection", "identity__customer__conversation"
    )
    reach = rows.filter(pk=pk, profile_at=None).first()
    if reach is None:
        return None
    identity = reach.identity
    address = Address(identity.kind, identity.value, identity.scope)
    try:
        profile = connected(reach.inbox).profile(Person(address))
    except SendError as error:
        if not error.permanent:
            return None  # the customer's next message asks again
        profile = Profile()
    except NotOfferedError:
        profile = Profile()
    picture = _picture(
        profile.picture_url, is_simulated=reach.inbox.connection.is_simulated
    )
    return _store(reach, profile, picture)


def _picture(url: str, *, is_simulated: bool) -> bytes | None:
    """The picture itself, for no page of ours loads anything from another host."""
    if not url:
        return None
    with suppress(httpx2.HTTPError, outbound.PrivateAddressError, ValueError):
        with (
            outbound.client(is_guarded=not is_simulated, seconds=20) as client,
            client.stream("GET", url) as response,
        ):
            received = bytearray()
            for chunk in response.iter_bytes():
                received += chunk
                if len(received) > _LARGEST_PICTURE:
                    return None
            content = bytes(received)
        if response.status_code == httpx2.codes.OK:
            known = received_kind(content, name="picture")
            return content if known.content_type in SHOWN_IMAGES else None
    return None


@transaction.atomic
def _store(reach: Reach, profile: Profile, picture: bytes | None) -> Reach:
    reach.name = profile.name[:200]
    reach.profile_at = timezone.now()
    if picture is not None:
        name = f"{reach.account_id}/{secrets.token_hex(20)}"
        reach.picture.save(name, ContentFile(picture), save=False)
    reach.save(update_fields=["name", "profile_at", "picture"])
    if show_name(reach.identity.customer, profile.name):
        events.customer_changed(reach.identity.customer)
    return reach
