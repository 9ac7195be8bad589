"""Helping a member back in: only where the helper answers for all that it opens."""

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.models import Authenticator
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.urls import reverse

from agentdesk.accounts.access import Access
from agentdesk.accounts.models import Membership, User
from agentdesk.accounts.roles import Permission
from agentdesk.audit import log


def may_vouch_for(access: Access, user: User) -> bool:
    """Whether every account this user can open is one whose people `access` manages.

    Otherwise an admin of one client company could walk into another as that user.
    """
    if user.is_staff or not user.is_active:
        return False
    accounts = Membership.objects.active().filter(user=user).values_list("account_id")
    return all(access.allows(Permission.MANAGE_PEOPLE, pk) for (pk,) in accounts)


@transaction.atomic
def issue_reset_link(member: Membership, *, access: Access) -> str:
    """The address under which the member chooses a new password, within a day."""
    if not may_vouch_for(access, member.user):
        raise PermissionDenied
    token = default_token_generator.make_token(member.user)
    log.record("member.reset_link_issued", member, actor=access.user)
    return reverse(
        "account_reset_password_from_key",
        kwargs={"uidb36": user_pk_to_url_str(member.user), "key": token},
    )


@transaction.atomic
def remove_second_step(member: Membership, *, access: Access) -> None:
    """For a lost phone: the member signs in by password and sets it up anew."""
    if not may_vouch_for(access, member.user):
        raise PermissionDenied
    removed, _by_model = Authenticator.objects.filter(user=member.user).delete()
    if removed:
        log.record("member.second_step_removed", member, actor=access.user)
