from collections.abc import Mapping

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from agentdesk.accounts.actions.ordered_row import lock
from agentdesk.accounts.exceptions import SettingRefusedError
from agentdesk.accounts.models import ClientAccount, Membership, User
from agentdesk.audit import log


@transaction.atomic
def change_extensions(
    account: ClientAccount, *, actor: User | None, extensions: Mapping[int, str]
) -> int:
    """Write the extensions by membership; says how many differed.

    Two members may exchange theirs: all are taken away before the new ones are given.
    Raises SettingRefusedError where one is somebody else's meanwhile.
    """
    lock(account.pk)
    members = Membership.objects.filter(account=account, pk__in=extensions)
    changed = [m for m in members if m.extension != extensions[m.pk]]
    before = {member.pk: member.extension for member in changed}
    Membership.objects.filter(pk__in=before).update(extension="")
    for member in changed:
        member.extension = extensions[member.pk]
        _give(member)
        log.record(
            "member.extension_changed",
            member,
            actor=actor,
            before={"extension": before[member.pk]},
            after={"extension": member.extension},
        )
    return len(changed)


def _give(member: Membership) -> None:
    try:
        with transaction.atomic():
            member.save(update_fields=["extension"])
    except IntegrityError as error:
        raise SettingRefusedError(_("Another member has this extension.")) from error
