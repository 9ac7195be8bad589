"""Drafts and the right to answer: nothing typed is lost, nobody answers twice."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone

from agentdesk.accounts.models import Membership
from agentdesk.audit import log
from conversations.adapters.email.composed import cleaned
from conversations.exceptions import LeaseHeldError
from conversations.live import events
from conversations.models import ComposeLease, Conversation, Draft
from conversations.models.message import MAX_BODY
from conversations.text import prepare_body

# A channel that was only looked at is no draft.
_ALONE_IS_NOTHING = {"via", "usual", "html"}


@transaction.atomic
def save_draft(
    conversation: Conversation,
    *,
    member: Membership,
    body: str,
    is_note: bool,
    beside: Mapping[str, Any] | None = None,
) -> Draft | None:
    """Keep what the member has begun; nothing written, nothing attached: no draft.

    Not audited: a draft is nobody's business but its writer's.
    """
    body = prepare_body(body, MAX_BODY)
    kept = {} if is_note else dict(beside or {})
    kept["html"] = cleaned(kept.get("html", ""))
    told = {name: value for name, value in kept.items() if value}
    begun = Draft(body=body, beside=told)
    if not begun.is_written and not told.keys() - _ALONE_IS_NOTHING:
        drop_draft(conversation, member=member, is_note=is_note)
        return None
    draft, _is_new = Draft.objects.update_or_create(
        conversation=conversation,
        member=member,
        is_note=is_note,
        defaults={"body": body, "beside": told},
    )
    return draft


def drop_draft(
    conversation: Conversation, *, member: Membership, is_note: bool
) -> None:
    Draft.objects.filter(
        conversation=conversation, member=member, is_note=is_note
    ).delete()


@transaction.atomic
def hold_lease(conversation: Conversation, *, member: Membership) -> ComposeLease:
    """Take, or keep, the right to answer. Raises LeaseHeldError while another holds it."""
    held = ComposeLease.objects.select_for_update(of=("self",), no_key=True)
    lease, is_new = held.select_related("member__user").get_or_create(
        conversation=conversation, defaults={"member": member}
    )
    is_mine = lease.member.user_id == member.user_id
    if lease.is_live and not is_mine:
        raise LeaseHeldError(lease.member)
    is_news = is_new or not is_mine or not lease.is_live
    lease.member = member
    lease.renewed_at = timezone.now()
    lease.save(update_fields=["member", "renewed_at"])
    if is_news:
        events.compose_changed(conversation)
    return lease


@transaction.atomic
def give_back(conversation: Conversation, *, member: Membership) -> None:
    """The member has sent or left: others may answer at once."""
    deleted, _rows = ComposeLease.objects.filter(
        conversation=conversation, member=member
    ).delete()
    if deleted:
        events.compose_changed(conversation)


@transaction.atomic
def break_lease(conversation: Conversation, *, member: Membership) -> ComposeLease:
    """A supervisor takes another's right to answer; that member's draft stays.

    It is handed over, not dropped: else the other's next key would take it back.
    """
    held = ComposeLease.objects.select_for_update(of=("self",), no_key=True)
    lease, _is_new = held.select_related("member__user").get_or_create(
        conversation=conversation, defaults={"member": member}
    )
    if lease.member.user_id != member.user_id:
        log.record(
            "lease.broken",
            conversation,
            actor=member.user,
            before={"holder": lease.member.user.name},
            after={"holder": member.user.name},
        )
    lease.member = member
    lease.renewed_at = timezone.now()
    lease.save(update_fields=["member", "renewed_at"])
    events.compose_changed(conversation)
    return lease
