from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from agentdesk.accounts.exceptions import SettingRefusedError
from agentdesk.accounts.models import Invitation, Membership, User
from agentdesk.audit import log
from agentdesk.live.publish import publish


@transaction.atomic
def accept_invitation(invitation: Invitation, *, user: User) -> Membership:
    """Make `user` a member. Raises SettingRefusedError for a spent or foreign link."""
    invitation = _lock(invitation)
    if invitation.email and invitation.email != user.email:
        raise SettingRefusedError(
            _("This invitation is for %(email)s.") % {"email": invitation.email}
        )
    member, is_new = Membership.objects.select_for_update(no_key=True).get_or_create(
        user=user, account=invitation.account, defaults={"role": invitation.role}
    )
    if not is_new and member.is_active:
        raise SettingRefusedError(_("You are a member of this client company already."))
    member.role, member.is_active = invitation.role, True
    member.save(update_fields=["role", "is_active"])
    invitation.accepted_at = timezone.now()
    invitation.save(update_fields=["accepted_at"])
    log.record("member.joined", member, actor=user, after={"role": member.role})
    publish(f"user:{user.pk}", "access_changed")
    return member


@transaction.atomic
def join_as_new_user(
    invitation: Invitation,
    *,
    email: str,
    family_name: str,
    given_name: str,
    family_kana: str = "",
    given_kana: str = "",
    password: str,
    language: str,
) -> Membership:
    """The same for somebody who has no sign-in yet: it is made along the way."""
    user = User(
        email=(invitation.email or email).strip().lower(),
        family_name=family_name,
        given_name=given_name,
        family_kana=family_kana,
        given_kana=given_kana,
        language=language,
    )
    user.set_password(password)
    try:
        with transaction.atomic():
            user.save(force_insert=True)
    except IntegrityError as error:
        raise SettingRefusedError(
            _("Somebody signs in with this address already. Sign in first, then join."),
            field="email",
        ) from error
    log.record("user.created", user, actor=user)
    return accept_invitation(invitation, user=user)


def _lock(invitation: Invitation) -> Invitation:
    invitation = (
        Invitation.objects.select_for_update(of=("self",), no_key=True)
        .select_related("account")
        .get(pk=invitation.pk)
    )
    if not invitation.is_open:
        raise SettingRefusedError(_("This invitation can no longer be used."))
    return invitation
