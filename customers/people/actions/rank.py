from django.db import transaction
from django.utils.translation import gettext as _

from agentdesk.accounts.actions.ordered_row import lock, next_position
from agentdesk.accounts.exceptions import SettingRefusedError
from agentdesk.accounts.models import ClientAccount, User
from agentdesk.audit import log
from agentdesk.audit.changes import change_row
from customers.models import MemberRank


@transaction.atomic
def add_rank(
    account: ClientAccount, *, actor: User | None, name: str, colour: str
) -> MemberRank:
    """Raises SettingRefusedError where the account has a rank of that name."""
    account = lock(account.pk)
    _check_name(account.pk, name)
    rank = MemberRank.objects.create(
        account=account,
        name=name,
        colour=colour,
        position=next_position(account, MemberRank),
    )
    log.record("rank.added", rank, actor=actor, after={"name": name, "colour": colour})
    return rank


@transaction.atomic
def change_rank(
    rank: MemberRank, *, actor: User | None, name: str, colour: str
) -> None:
    """Raises SettingRefusedError where the account has another rank of that name."""
    lock(rank.account_id)
    _check_name(rank.account_id, name, but=rank.pk)
    change_row(
        rank, {"name": name, "colour": colour}, actor=actor, action="rank.changed"
    )


def _check_name(account_id: int, name: str, *, but: int = 0) -> None:
    same = MemberRank.objects.filter(account_id=account_id, name=name).exclude(pk=but)
    other = same.first()
    if other is None:
        return
    if other.retired_at:
        text = _("A retired rank has this name. Restore it, or choose another name.")
    else:
        text = _("There is a rank with this name already.")
    raise SettingRefusedError(text, field="name")
