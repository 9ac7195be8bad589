from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _

from agentdesk.accounts.exceptions import SettingRefusedError
from agentdesk.accounts.invitations import VALID_FOR, new_token
from agentdesk.accounts.models import ClientAccount, Invitation, User
from agentdesk.audit import log


@transaction.atomic
def invite(
    account: ClientAccount, *, actor: User, role: str, email: str = ""
) -> tuple[Invitation, str]:
    """A link for one new member; its token is returned once and never kept."""
    token, token_hash = new_token()
    invitation = Invitation.objects.create(
        account=account,
        email=email.lower(),
        role=role,
        token_hash=token_hash,
        invited_by=actor,
        expires_at=timezone.now() + VALID_FOR,
    )
    log.record(
        "invitation.created",
        invitation,
        actor=actor,
        after={"role": role, "email": email},
    )
    return invitation, token


@transaction.atomic
def revoke_invitation(invitation: Invitation, *, actor: User) -> Invitation:
    """Make the link worthless. Raises SettingRefusedError once it was used."""
    invitation = Invitation.objects.select_for_update(no_key=True).get(pk=invitation.pk)
    if invitation.accepted_at:
        raise SettingRefusedError(_("This invitation was accepted already."))
    if invitation.revoked_at:
        return invitation
    invitation.revoked_at = timezone.now()
    invitation.save(update_fields=["revoked_at"])
    log.record("invitation.revoked", invitation, actor=actor)
    return invitation


def mail_invitation(invitation: Invitation, link: str) -> bool:
    """Send the link to the invited address; False where no mail can be sent."""
    if not (settings.EMAIL_URL and invitation.email and invitation.account):
        return False
    text = render_to_string(
        "accounts/people/invitation.txt", {"invitation": invitation, "link": link}
    )
    subject = _("Invitation to %(name)s") % {"name": invitation.account.name}
    try:
        sent = send_mail(subject, text, None, [invitation.email])
    except OSError:
        return False
    return bool(sent)
