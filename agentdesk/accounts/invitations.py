"""One-time links: how their tokens are made, kept and found again."""

import hashlib
import secrets
from datetime import timedelta

from agentdesk.accounts.models import Invitation

VALID_FOR = timedelta(days=7)


def new_token() -> tuple[str, str]:
    """A token for the link, and the hash of it that is kept."""
    token = secrets.token_urlsafe(32)
    return token, token_hash(token)


def token_hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def invitation_of(token: str) -> Invitation | None:
    """The invitation behind a link, open or not; None for a forged one."""
    return find_by_hash(token_hash(token))


def find_by_hash(stored: str) -> Invitation | None:
    rows = Invitation.objects.select_related("account", "invited_by")
    return rows.filter(token_hash=stored).first()
