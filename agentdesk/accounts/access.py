"""What the person behind a request may see and do, over all of their accounts."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from allauth.mfa.models import Authenticator
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet

from agentdesk.accounts.models import ClientAccount, Membership, User
from agentdesk.accounts.roles import ROLE_PERMISSIONS, Permission, Role
from agentdesk.prepared import prepared


@dataclass(frozen=True)
class Access:
    """The active memberships of one signed-in user.

    `selected` is the account they switched to, or None while they look at all of
    theirs; it narrows lists (`shown_ids`), never what they may open (`account_ids`).
    `locked_accounts` are theirs too, but ask for two-step sign-in, which they lack.
    """

    user: User
    memberships: Mapping[int, Membership] = field(default_factory=dict)
    selected: ClientAccount | None = None
    locked_accounts: tuple[ClientAccount, ...] = ()

    @property
    def account_ids(self) -> list[int]:
        return list(self.memberships)

    @property
    def shown_ids(self) -> list[int]:
        return [self.selected.pk] if self.selected else self.account_ids

    @property
    def accounts(self) -> list[ClientAccount]:
        return [membership.account for membership in self.memberships.values()]

    def membership_in(self, account_id: int) -> Membership:
        """The user's place in that account; KeyError where they have none."""
        return self.memberships[account_id]

    def allows(self, permission: Permission, account_id: int) -> bool:
        membership = self.memberships.get(account_id)
        return (
            membership is not None and permission in ROLE_PERMISSIONS[membership.role]
        )

    def allows_anywhere(self, permission: Permission) -> bool:
        return any(self.allows(permission, pk) for pk in self.memberships)

    def require(self, permission: Permission, account_id: int) -> Membership:
        """The membership that may do this; PermissionDenied (403) otherwise."""
        if not self.allows(permission, account_id):
            raise PermissionDenied
        return self.memberships[account_id]


@prepared
def _memberships(user_id: int) -> QuerySet[Membership]:
    rows = Membership.objects.active().filter(user=user_id)
    return rows.select_related("account").order_by("account__name", "pk")


def access_of(user: User, selected_slug: str = "") -> Access:
    """Read the user's active memberships, with their accounts, in one query."""
    rows = _memberships(user.pk)
    for row in rows:
        row.user = user
    locked = [row for row in rows if row.account.sign_in_protection]
    if not locked or has_second_step(user):
        locked = []
    memberships = {row.account_id: row for row in rows if row not in locked}
    selected = next(
        (m.account for m in memberships.values() if m.account.slug == selected_slug),
        None,
    )
    if selected is None and len(memberships) == 1:
        selected = next(iter(memberships.values())).account
    return Access(
        user=user,
        memberships=memberships,
        selected=selected,
        locked_accounts=tuple(row.account for row in locked),
    )


def stand_in(
    account_ids: list[int],
    member_ids: list[int] | None = None,
    user_id: int = 0,
    *,
    role: Role = Role.AGENT,
) -> Access:
    """For a prepared query: it puts the rules to these numbers, whoever has them.

    What else a person's rights decide than by `role`, the caller checks first.
    """
    places = [Membership(account_id=pk, role=role) for pk in account_ids]
    for place, pk in zip(places, member_ids or [], strict=False):
        place.pk = pk
    return Access(
        user=User(pk=user_id), memberships={one.account_id: one for one in places}
    )


def has_second_step(user: User) -> bool:
    """Whether sign-in asks this user for more than the password."""
    ways = Authenticator.objects.filter(user=user)
    return bool(ways.exclude(type=Authenticator.Type.RECOVERY_CODES).exists())
