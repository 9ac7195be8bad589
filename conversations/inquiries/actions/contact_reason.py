"""The tree of contact reasons: what people may do to it."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from agentdesk.accounts.actions.ordered_row import lock
from agentdesk.accounts.exceptions import SettingRefusedError
from agentdesk.accounts.models import ClientAccount, User
from agentdesk.accounts.ordering import moved, placed, save_order
from agentdesk.audit import log
from agentdesk.audit.changes import change_row
from conversations.inquiries.selectors.reason_tree import MOST_LEVELS, ReasonTree
from conversations.models import ContactReason


@transaction.atomic
def add_reason(
    account: ClientAccount,
    *,
    actor: User | None,
    name: str,
    kana: str = "",
    parent: ContactReason | None = None,
) -> ContactReason:
    """At the end of its siblings. Raises SettingRefusedError (name taken, too deep).

    `kana` is how it is read, where that is wanted: members find it by that too.
    """
    tree = ReasonTree(lock(account.pk))
    parent_id = parent.pk if parent else None
    if parent_id and tree.level(parent_id) >= MOST_LEVELS:
        raise _too_deep()
    _check_name(tree, name, parent_id)
    reason = ContactReason.objects.create(
        account=account,
        parent=parent,
        name=name,
        kana=kana,
        position=len(tree.children(parent_id)),
    )
    after = {"name": name, "parent": tree.path(parent_id)}
    log.record("reason.added", reason, actor=actor, after=after)
    return reason


@transaction.atomic
def rename_reason(
    reason: ContactReason, *, actor: User | None, name: str, kana: str = ""
) -> None:
    """Inquiries that have it show the new name. Raises SettingRefusedError."""
    tree = ReasonTree(lock(reason.account_id))
    _check_name(tree, name, reason.parent_id, but=reason.pk)
    values = {"name": name, "kana": kana}
    action = "reason.reading" if reason.name == name else "reason.renamed"
    change_row(reason, values, actor=actor, action=action)


@transaction.atomic
def move_reason(reason: ContactReason, *, actor: User | None, step: int) -> None:
    """Some places up (negative) or down among its siblings."""
    tree = ReasonTree(lock(reason.account_id))
    ids = tree.active_children(tree.parent(reason.pk))
    if reason.pk in ids:
        _put(tree, reason, tree.parent(reason.pk), moved(ids, reason.pk, step), actor)


@transaction.atomic
def indent_reason(reason: ContactReason, *, actor: User | None) -> None:
    """Under the sibling above it, at the end. Raises SettingRefusedError."""
    tree = ReasonTree(lock(reason.account_id))
    above = tree.above(reason.pk)
    if above is not None:
        ids = [*tree.active_children(above), reason.pk]
        _put(tree, reason, above, ids, actor)


@transaction.atomic
def outdent_reason(reason: ContactReason, *, actor: User | None) -> None:
    """Out of its parent, to stand right after it. Raises SettingRefusedError."""
    tree = ReasonTree(lock(reason.account_id))
    parent = tree.parent(reason.pk)
    if parent is None:
        return
    grandparent = tree.parent(parent)
    ids = placed(tree.active_children(grandparent), reason.pk, parent, after=True)
    _put(tree, reason, grandparent, ids, actor)


@transaction.atomic
def place_reason(
    reason: ContactReason, *, actor: User | None, target: int, after: bool
) -> None:
    """Beside another reason, on its level. Raises SettingRefusedError."""
    tree = ReasonTree(lock(reason.account_id))
    if not tree.is_active(target) or tree.is_within(target, reason.pk):
        return
    parent = tree.parent(target)
    ids = placed(tree.active_children(parent), reason.pk, target, after=after)
    _put(tree, reason, parent, ids, actor)


@transaction.atomic
def retire_reason(reason: ContactReason, *, actor: User | None) -> None:
    """Offer it and what is under it no longer; inquiries that have it keep it."""
    tree = ReasonTree(lock(reason.account_id))
    if not tree.is_active(reason.pk):
        return
    ids = [pk for pk in tree.family(reason.pk) if tree.is_active(pk)]
    ContactReason.objects.filter(pk__in=ids).update(retired_at=timezone.now())
    log.record("reason.retired", reason, actor=actor, before={"with": len(ids) - 1})


@transaction.atomic
def restore_reason(reason: ContactReason, *, actor: User | None) -> None:
    """With its parents, and with what was retired together with it."""
    tree = ReasonTree(lock(reason.account_id))
    if tree.is_active(reason.pk):
        return
    moment = tree.reasons[reason.pk].retired_at
    ids = [pk for pk in tree.family(reason.pk) if tree.reasons[pk].retired_at == moment]
    ids += tree.ancestors(reason.pk)
    ContactReason.objects.filter(pk__in=ids).update(retired_at=None)
    log.record("reason.restored", reason, actor=actor)


def _put(
    tree: ReasonTree,
    reason: ContactReason,
    parent: int | None,
    ids: list[int],
    actor: User | None,
) -> None:
    """Write place and parent, and tell the audit log where it stood and stands."""
    before = tree.place(reason.pk)
    if parent != tree.parent(reason.pk):
        if parent and tree.level(parent) + tree.height(reason.pk) > MOST_LEVELS:
            raise _too_deep()
        _check_name(tree, tree.reasons[reason.pk].name, parent, but=reason.pk)
        ContactReason.objects.filter(pk=reason.pk).update(parent=parent)
    save_order(ContactReason.objects.all(), ids)
    after = ReasonTree(tree.account).place(reason.pk)
    if before != after:
        log.record("reason.moved", reason, actor=actor, before=before, after=after)


def _check_name(
    tree: ReasonTree, name: str, parent: int | None, *, but: int = 0
) -> None:
    for pk in tree.children(parent):
        if pk == but or tree.reasons[pk].name != name:
            continue
        if tree.is_active(pk):
            text = _("There is a reason with this name on the same level already.")
        else:
            text = _(
                "A retired reason on this level has this name. Restore it, or choose "
                "another name."
            )
        raise SettingRefusedError(text, field="name")


def _too_deep() -> SettingRefusedError:
    return SettingRefusedError(
        _("The tree may have %(count)s levels.") % {"count": MOST_LEVELS}
    )
