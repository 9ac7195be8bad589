"""The page of a provider that lets us in, where pasted secrets are not enough."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils import timezone

from agentdesk.crypto import UnsealError
from conversations.choices import FailureCode
from conversations.connections.connection import adapter_of, own_address
from conversations.inboxes.selectors.trouble import TOKEN_WARNING
from conversations.models import Inbox


@dataclass(frozen=True)
class SignIn:
    """`at` is the provider's own name; `back` the address an admin enters there."""

    at: str
    is_done: bool
    is_urgent: bool
    back: str


def sign_in_of(inbox: Inbox) -> SignIn | None:
    """None where nobody has to sign in. Of an inbox that came with its connection."""
    try:
        page = adapter_of(inbox).sign_in
    except UnsealError:
        return None
    if page is None:
        return None
    connection = inbox.connection
    ends = connection.token_expires_at
    is_ending = ends is not None and ends - timezone.now() <= TOKEN_WARNING
    return SignIn(
        at=page.at,
        is_done=page.is_done,
        is_urgent=is_ending or connection.trouble == FailureCode.CREDENTIALS,
        back=own_address() + reverse("settings_desk:inbox-signed-in"),
    )
