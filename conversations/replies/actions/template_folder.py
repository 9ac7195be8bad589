"""A folder of templates is no row of its own: its templates carry its path."""

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from agentdesk.accounts.actions.ordered_row import lock
from agentdesk.accounts.exceptions import SettingRefusedError
from agentdesk.accounts.models import ClientAccount, User
from agentdesk.audit import log
from conversations.models import Template
from conversations.models.template import LEVELS
from conversations.replies.actions.template import FIELDS, search_keys


@transaction.atomic
def rename_folder(
    account: ClientAccount, *, actor: User | None, folder: str, name: str
) -> None:
    """With what lies in it; into one that is there already, behind what it has.

    Raises SettingRefusedError (too deep, a name taken there).
    """
    lock(account.pk)
    rows = list(_within(account, folder).order_by("folder", "position", "pk"))
    if not rows or folder == name:
        return
    paths = {row.pk: name + row.folder.removeprefix(folder) for row in rows}
    _check(account, rows, paths)
    after = Template.objects.active().filter(account=account).count()
    for row in rows:
        row.folder = paths[row.pk]
        row.position += after
        keys = search_keys({field: getattr(row, field) for field in FIELDS})
        row.search_key = keys["search_key"]
    Template.objects.bulk_update(rows, ["folder", "position", "search_key"])
    log.record(
        "template_folder.renamed",
        account,
        actor=actor,
        account_id=account.pk,
        before={"folder": folder},
        after={"folder": name},
    )


def _within(account: ClientAccount, folder: str) -> QuerySet[Template]:
    below = Q(folder=folder) | Q(folder__startswith=f"{folder}/")
    return Template.objects.active().filter(below, account=account)


def _check(account: ClientAccount, rows: list[Template], paths: dict[int, str]) -> None:
    if any(path.count("/") >= LEVELS for path in paths.values()):
        raise SettingRefusedError(
            _("A folder may lie in one other folder, not deeper."), field="name"
        )
    if any(len(path) > _longest() for path in paths.values()):
        raise SettingRefusedError(_("This name is too long."), field="name")
    staying = Template.objects.active().filter(account=account)
    staying = staying.exclude(pk__in=[row.pk for row in rows])
    taken = set(staying.values_list("folder", "name"))
    for row in rows:
        if (paths[row.pk], row.name) in taken:
            sentence = _("“%(name)s” is in that folder already.") % {"name": row.name}
            raise SettingRefusedError(sentence, field="name")


def _longest() -> int:
    return Template._meta.get_field("folder").max_length or 0
