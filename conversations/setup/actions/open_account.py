from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from agentdesk.accounts.exceptions import SettingRefusedError
from agentdesk.accounts.models import ClientAccount, Membership, User
from agentdesk.accounts.roles import Role
from agentdesk.accounts.slugs import RESERVED_SLUGS
from agentdesk.audit import log
from conversations.setup.actions.default_setup import create_default_setup


@transaction.atomic
def open_account(
    *,
    actor: User | None,
    name: str,
    slug: str,
    colour: str,
    locale: str,
    time_zone: str,
    phone_region: str,
) -> ClientAccount:
    """A new client company, ready to work: queue, phone, web chat, contact reasons.

    `actor` becomes its first admin; None (the system) leaves it without members.
    Raises SettingRefusedError where the slug is taken or reserved.
    """
    account = ClientAccount(
        name=name,
        slug=slug,
        colour=colour,
        locale=locale,
        time_zone=time_zone,
        phone_region=phone_region,
    )
    _insert(account)
    if actor is not None:
        Membership.objects.create(user=actor, account=account, role=Role.ADMIN)
    create_default_setup(account)
    log.record(
        "account.opened",
        account,
        actor=actor,
        account_id=account.pk,
        after={
            "name": name,
            "slug": slug,
            "colour": colour,
            "locale": locale,
            "time_zone": time_zone,
            "phone_region": phone_region,
        },
    )
    return account


def _insert(account: ClientAccount) -> None:
    refusal = SettingRefusedError(
        _("This short name is already in use. Please choose another."), field="slug"
    )
    if account.slug in RESERVED_SLUGS:
        raise refusal
    try:
        with transaction.atomic():
            account.save(force_insert=True)
    except IntegrityError as error:
        raise refusal from error
