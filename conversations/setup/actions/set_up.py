from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from agentdesk.accounts.exceptions import SettingRefusedError
from agentdesk.accounts.models import ClientAccount, Invitation, User
from agentdesk.accounts.slugs import free_slug
from agentdesk.audit import log
from conversations.models import WebChatSettings
from conversations.setup.actions.open_account import open_account


@dataclass(frozen=True)
class FirstAdmin:
    email: str
    family_name: str
    given_name: str
    password: str
    language: str
    family_kana: str = ""
    given_kana: str = ""


@dataclass(frozen=True)
class FirstCompany:
    name: str
    colour: str
    locale: str
    time_zone: str
    phone_region: str
    site: str  # the origin of the shop that will carry the chat, or empty


@transaction.atomic
def set_up(
    invitation: Invitation, *, admin: FirstAdmin, company: FirstCompany
) -> tuple[User, ClientAccount]:
    """The first admin with the first client company. Raises SettingRefusedError."""
    invitation = Invitation.objects.select_for_update(no_key=True).get(pk=invitation.pk)
    if not invitation.is_open or User.objects.exists():
        raise SettingRefusedError(_("This installation is set up already."))
    user = User(
        email=admin.email.strip().lower(),
        family_name=admin.family_name,
        given_name=admin.given_name,
        family_kana=admin.family_kana,
        given_kana=admin.given_kana,
        language=admin.language,
        time_zone=company.time_zone,
    )
    user.set_password(admin.password)
    user.save(force_insert=True)
    log.record("user.created", user, actor=user)
    account = open_account(
        actor=user,
        name=company.name,
        slug=free_slug(company.name),
        colour=company.colour,
        locale=company.locale,
        time_zone=company.time_zone,
        phone_region=company.phone_region,
    )
    if company.site:
        chats = WebChatSettings.objects.filter(inbox__account=account)
        chats.update(allowed_origins=[company.site])
    invitation.accepted_at = timezone.now()
    invitation.save(update_fields=["accepted_at"])
    return user, account
