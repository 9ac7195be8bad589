"""Users, client accounts and the memberships between them."""

from agentdesk.accounts.models.client_account import (
    ClientAccount,
    ClosedDay,
    Colour,
    OpeningHours,
)
from agentdesk.accounts.models.invitation import Invitation
from agentdesk.accounts.models.membership import Membership
from agentdesk.accounts.models.owned import (
    AccountOwned,
    AccountOwnedQuerySet,
    SandboxedQuerySet,
)
from agentdesk.accounts.models.push_subscription import PushSubscription
from agentdesk.accounts.models.session import Session
from agentdesk.accounts.models.user import Theme, User

__all__ = [
    "AccountOwned",
    "AccountOwnedQuerySet",
    "ClientAccount",
    "ClosedDay",
    "Colour",
    "Invitation",
    "Membership",
    "OpeningHours",
    "PushSubscription",
    "SandboxedQuerySet",
    "Session",
    "Theme",
    "User",
]
