from django.db import transaction
from django.utils.translation import gettext as _

from agentdesk.accounts.access import has_second_step
from agentdesk.accounts.exceptions import SettingRefusedError
from agentdesk.accounts.models import ClientAccount, Membership, User
from agentdesk.audit.changes import change_row
from agentdesk.live.publish import publish


@transaction.atomic
def protect_account(account: ClientAccount, *, actor: User, is_on: bool) -> bool:
    """Ask all members for two-step sign-in, or no longer; False where it was so already.

    Raises SettingRefusedError for an actor who would lock themselves out.
    """
    if is_on and not has_second_step(actor):
        raise SettingRefusedError(
            _("Set up two-step sign-in for yourself first, in your own settings.")
        )
    is_changed = change_row(
        account,
        {"sign_in_protection": is_on},
        actor=actor,
        action="account.changed",
        account_id=account.pk,
    )
    if is_changed:
        users = Membership.objects.active().of_account(account).values_list("user_id")
        for (user_id,) in users:
            publish(f"user:{user_id}", "access_changed")
    return is_changed
