"""What was promised to a customer: kept until somebody says it is done."""

from datetime import datetime
from functools import partial

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from agentdesk.accounts.models import Membership, User
from agentdesk.audit import log
from conversations.choices import NotificationKind
from conversations.inquiries.actions.notify import notify
from conversations.live import events
from conversations.messages.text import prepare_body
from conversations.models import Call, Conversation, FollowUp
from conversations.sweeps.each import act_on_each, resting_items

_NOTIFYING = "follow-ups"


@transaction.atomic
def add_follow_up(
    conversation: Conversation,
    *,
    owner: Membership,
    text: str,
    due_at: datetime,
    call: Call | None = None,
) -> FollowUp:
    follow_up = FollowUp.objects.create(
        account_id=conversation.account_id,
        conversation=conversation,
        call=call,
        owner=owner,
        text=prepare_body(text, 300).replace("\n", " ").strip() or _("Call back"),
        due_at=due_at,
    )
    log.record(
        "follow_up.added",
        follow_up,
        actor=owner.user,
        after={"due": due_at.isoformat()},
    )
    return follow_up


@transaction.atomic
def finish_follow_up(follow_up: FollowUp, *, actor: User) -> FollowUp:
    follow_up = FollowUp.objects.select_for_update(no_key=True).get(pk=follow_up.pk)
    if follow_up.done_at is None:
        follow_up.done_at = timezone.now()
        follow_up.save(update_fields=["done_at"])
        log.record("follow_up.done", follow_up, actor=actor)
        _publish(follow_up)
    return follow_up


@transaction.atomic
def reopen_follow_up(follow_up: FollowUp, *, actor: User) -> FollowUp:
    """Take "done" back: a slip of the finger."""
    follow_up = FollowUp.objects.select_for_update(no_key=True).get(pk=follow_up.pk)
    if follow_up.done_at is not None:
        follow_up.done_at = None
        follow_up.save(update_fields=["done_at"])
        log.record("follow_up.reopened", follow_up, actor=actor)
        _publish(follow_up)
    return follow_up


def _publish(follow_up: FollowUp) -> None:
    """The note that carries it reads differently, and so does the owner's page of calls."""
    call = follow_up.call
    if call is None:
        return
    if call.message is not None:
        events.message_changed(call.message)
    events.call_changed(call)


def notify_due_follow_ups(at: datetime, *, limit: int = 200) -> int:
    """Notify the owners of what has become due; each once."""
    due = FollowUp.objects.filter(
        due_at__lte=at, told_at__isnull=True, done_at__isnull=True
    ).exclude(pk__in=resting_items(_NOTIFYING, at))
    ids = list(due.order_by("due_at").values_list("pk", flat=True)[:limit])
    return len(act_on_each(_NOTIFYING, ids, partial(_notify_owner, at=at)))


@transaction.atomic
def _notify_owner(pk: int, *, at: datetime) -> None:
    follow_up = (
        FollowUp.objects.select_for_update(skip_locked=True, of=("self",), no_key=True)
        .select_related("owner", "conversation")
        .filter(pk=pk, told_at__isnull=True, done_at__isnull=True)
        .first()
    )
    if follow_up is not None:
        follow_up.told_at = at
        follow_up.save(update_fields=["told_at"])
        notify(follow_up.owner, NotificationKind.FOLLOW_UP, follow_up.conversation)
