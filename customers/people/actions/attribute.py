from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from agentdesk.accounts.actions.ordered_row import lock, next_position
from agentdesk.accounts.exceptions import SettingRefusedError
from agentdesk.accounts.models import ClientAccount, User
from agentdesk.audit import log
from agentdesk.audit.changes import change_row
from customers.models import AttributeDefinition


@transaction.atomic
def add_attribute(
    account: ClientAccount,
    *,
    actor: User | None,
    key: str,
    label: str,
    kind: str,
    options: Sequence[str] = (),
) -> AttributeDefinition:
    """An empty key is made from the place in the list. Raises SettingRefusedError."""
    account = lock(account.pk)
    _check_label(account.pk, label)
    rows = AttributeDefinition.objects.filter(account=account)
    position = next_position(account, AttributeDefinition)
    if not key:
        key = _free_key(set(rows.values_list("key", flat=True)), position + 1)
    elif rows.filter(key=key).exists():
        raise SettingRefusedError(
            _("There is an attribute with this key already."), field="key"
        )
    attribute = AttributeDefinition.objects.create(
        account=account,
        key=key,
        label=label,
        kind=kind,
        options=list(options),
        position=position,
    )
    after = {"key": key, "label": label, "kind": kind, "options": list(options)}
    log.record("attribute.added", attribute, actor=actor, after=after)
    return attribute


@transaction.atomic
def change_attribute(
    attribute: AttributeDefinition,
    *,
    actor: User | None,
    label: str,
    options: Sequence[str] = (),
) -> None:
    """Key and kind stay: values of customers hang on them. Raises SettingRefusedError."""
    lock(attribute.account_id)
    _check_label(attribute.account_id, label, but=attribute.pk)
    change_row(
        attribute,
        {"label": label, "options": list(options)},
        actor=actor,
        action="attribute.changed",
    )


def _free_key(taken: set[str], number: int) -> str:
    while f"attribute_{number}" in taken:
        number += 1
    return f"attribute_{number}"


def _check_label(account_id: int, label: str, *, but: int = 0) -> None:
    same = AttributeDefinition.objects.filter(
        account_id=account_id, label=label, retired_at=None
    )
    if same.exclude(pk=but).exists():
        raise SettingRefusedError(
            _("There is an attribute with this label already."), field="label"
        )
