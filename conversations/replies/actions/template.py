"""定型文 of an account: what people may do to them."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from agentdesk.accounts.actions.ordered_row import lock
from agentdesk.accounts.exceptions import SettingRefusedError
from agentdesk.accounts.models import ClientAccount, User
from agentdesk.accounts.ordering import moved, placed, save_order
from agentdesk.audit import log
from agentdesk.audit.changes import change_row
from conversations.models import Template
from customers.people.text import search_key

FIELDS = ("name", "folder", "shortcut", "body", "channels")


@transaction.atomic
def add_template(
    account: ClientAccount, *, actor: User | None, values: Mapping[str, Any]
) -> Template:
    """At the end of its folder. Raises SettingRefusedError (name, shortcut taken)."""
    lock(account.pk)
    _check_free(account.pk, values)
    template = Template.objects.create(
        account=account,
        position=_end_of(account.pk, values["folder"]),
        **{name: values[name] for name in FIELDS},
        **search_keys(values),
    )
    after = {name: values[name] for name in FIELDS if values[name]}
    log.record("template.added", template, actor=actor, after=after)
    return template


@transaction.atomic
def change_template(
    template: Template, *, actor: User | None, values: Mapping[str, Any]
) -> None:
    """In another folder it stands last. Raises SettingRefusedError."""
    lock(template.account_id)
    _check_free(template.account_id, values, but=template.pk)
    folder = template.folder
    changed = {name: values[name] for name in FIELDS}
    if change_row(template, changed, actor=actor, action="template.changed"):
        written: dict[str, Any] = {**search_keys(values), "updated_at": timezone.now()}
        if template.folder != folder:
            written["position"] = _end_of(template.account_id, template.folder)
        Template.objects.filter(pk=template.pk).update(**written)


@transaction.atomic
def put_templates(
    account: ClientAccount,
    *,
    actor: User | None,
    rows: Iterable[tuple[int, Mapping[str, Any]]],
) -> int:
    """Add each, or change the one of that name in its folder; all or none.

    A row has its line in the file. Raises SettingRefusedError, which names the line.
    """
    lock(account.pk)
    count = 0
    for line, values in rows:
        there = Template.objects.active().filter(
            account=account, folder=values["folder"], name=values["name"]
        )
        template = there.first()
        try:
            if template is None:
                add_template(account, actor=actor, values=values)
            else:
                change_template(template, actor=actor, values=values)
        except SettingRefusedError as refusal:
            sentence = _("Line %(line)s: %(fault)s")
            message = sentence % {"line": line, "fault": refusal.message}
            raise SettingRefusedError(message) from refusal
        count += 1
    return count


@transaction.atomic
def move_template(template: Template, *, actor: User | None, step: int) -> None:
    """Some places up (negative) or down in its folder."""
    lock(template.account_id)
    ids = _siblings(template)
    if template.pk in ids:
        _order(template, ids, moved(ids, template.pk, step), actor)


@transaction.atomic
def place_template(
    template: Template, *, actor: User | None, target: int, after: bool
) -> None:
    """Before or after another one, and into its folder. Raises SettingRefusedError."""
    lock(template.account_id)
    rows = Template.objects.active().filter(account_id=template.account_id)
    neighbour = rows.filter(pk=target).first()
    if neighbour is None:
        return
    put_in_folder(template, actor=actor, folder=neighbour.folder)
    ids = _siblings(template)
    if template.pk in ids:
        _order(template, ids, placed(ids, template.pk, target, after=after), actor)


@transaction.atomic
def put_in_folder(template: Template, *, actor: User | None, folder: str) -> None:
    """Last in it, where it is not there yet. Raises SettingRefusedError (name taken)."""
    lock(template.account_id)
    template.refresh_from_db()
    if template.retired_at is None and template.folder != folder:
        own = {name: getattr(template, name) for name in FIELDS}
        change_template(template, actor=actor, values={**own, "folder": folder})


@transaction.atomic
def retire_template(template: Template, *, actor: User | None) -> None:
    """Offer it no longer; what was written with it stays."""
    lock(template.account_id)
    template.refresh_from_db()
    if template.retired_at is None:
        template.retired_at = timezone.now()
        template.save(update_fields=["retired_at"])
        log.record("template.retired", template, actor=actor)


@transaction.atomic
def restore_template(template: Template, *, actor: User | None) -> None:
    """At the end of its folder. Raises SettingRefusedError (name, shortcut taken)."""
    lock(template.account_id)
    template.refresh_from_db()
    if template.retired_at is None:
        return
    _check_free(template.account_id, {n: getattr(template, n) for n in FIELDS})
    template.retired_at = None
    template.position = _end_of(template.account_id, template.folder)
    template.save(update_fields=["retired_at", "position"])
    log.record("template.restored", template, actor=actor)


def count_use(template: Template) -> None:
    Template.objects.filter(pk=template.pk).update(
        uses=F("uses") + 1, last_used_at=timezone.now()
    )


def search_keys(values: Mapping[str, Any]) -> dict[str, str]:
    """What a template is found by."""
    searched = (values["name"], values["folder"], values["shortcut"], values["body"])
    return {
        "name_key": search_key(values["name"])[:100],
        "search_key": "\n".join(search_key(text) for text in searched),
    }


def _siblings(template: Template) -> list[int]:
    rows = Template.objects.active().filter(
        account_id=template.account_id, folder=template.folder
    )
    return list(rows.values_list("pk", flat=True))


def _end_of(account_id: int, folder: str) -> int:
    rows = Template.objects.active().filter(account_id=account_id, folder=folder)
    last = rows.order_by("position").last()
    return last.position + 1 if last else 0


def _check_free(account_id: int, values: Mapping[str, Any], *, but: int = 0) -> None:
    rows = Template.objects.active().filter(account_id=account_id).exclude(pk=but)
    if rows.filter(folder=values["folder"], name=values["name"]).exists():
        raise SettingRefusedError(
            _("There is a template with this name in this folder already."),
            field="name",
        )
    taken = values["shortcut"] and rows.filter(shortcut=values["shortcut"]).first()
    if taken:
        raise SettingRefusedError(
            _("“%(name)s” has this shortcut already.") % {"name": taken.name},
            field="shortcut",
        )


def _order(
    template: Template, before: list[int], after: list[int], actor: User | None
) -> None:
    save_order(Template.objects.all(), after)
    if before != after:
        log.record(
            "template.moved",
            template,
            actor=actor,
            before={"place": before.index(template.pk) + 1},
            after={"place": after.index(template.pk) + 1},
        )
