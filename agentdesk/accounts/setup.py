"""The one-time link that makes the first admin of an empty installation."""

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from agentdesk.accounts.invitations import new_token
from agentdesk.accounts.models import Invitation, User
from agentdesk.accounts.roles import Role

_VALID_FOR = timedelta(days=7)


@transaction.atomic
def setup_link() -> str | None:
    """The address of the set-up page: absolute under PUBLIC_URL, else a path.

    None once there is a user. Each call makes a new link and ends the one before.
    """
    if User.objects.exists():
        return None
    open_links = Invitation.objects.filter(account=None, accepted_at=None)
    open_links.update(revoked_at=timezone.now())
    token, token_hash = new_token()
    Invitation.objects.create(
        role=Role.ADMIN, token_hash=token_hash, expires_at=timezone.now() + _VALID_FOR
    )
    return f"{settings.PUBLIC_URL}{reverse('setup:setup', args=[token])}"
