"""Drafts and the right to answer: nothing typed is lost, nobody answers twice."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.html import linebreaks

from agentdesk.accounts.models import Membership
from agentdesk.audit import log
from conversations.adapters.email.composed import cleaned
from conversations.exceptions import LeaseHeldError
from conversations.inquiries.actions.conversation import lock
from conversations.live import events
from conversations.messages.text import prepare_body
from conversations.models import ComposeLease, Conversation, Draft
from conversations.models.message import MAX_BODY

# A channel that was only looked at is no draft.
_ALONE_IS_NOTHING = {"via", "usual", "html"}
_BESIDE_A_NOTE = {"files"}
_OVERTAKEN = timedelta(seconds=15)  # how late a draft may come behind its message


@transaction.atomic
def save_draft(
    conversation: Conversation,
    *,
    member: Membership,
    body: str,
    is_note: bool,
    beside: Mapping[str, Any] | None = None,
    client_id: UUID | None = None,
    is_before: bool = False,
) -> Draft | None:
    """Keep what the member has begun; nothing written, nothing attached: no draft.

    A note has nothing but files beside its text. `client_id` is what the text will be
    sent under: a draft that arrives behind its own message is none any more. With
    `is_before` it takes the place of no draft: it comes before what is there.
    Not audited: a draft is nobody's business but its writer's.
    """
    if client_id is not None or is_before:
        conversation = lock(conversation)
    if client_id is not None and _has_gone(conversation, client_id):
        return None
    parts = {**(beside or {}), "html": cleaned((beside or {}).get("html", ""))}
    mine = conversation.drafts.filter(member=member, is_note=is_note)
    if is_before and (since := mine.first()):
        body, parts = _before(since, body, parts)
    body = prepare_body(body, MAX_BODY)
    parts = {
        name: value
        for name, value in parts.items()
        if value and (not is_note or name in _BESIDE_A_NOTE)
    }
    begun = Draft(body=body, beside=parts)
    if not begun.is_written and not parts.keys() - _ALONE_IS_NOTHING:
        drop_draft(conversation, member=member, is_note=is_note)
        return None
    draft, is_new = Draft.objects.update_or_create(
        conversation=conversation,
        member=member,
        is_note=is_note,
        defaults={"body": body, "beside": parts, "client_id": client_id},
    )
    if is_new:
        events.drafts_changed(member)
    return draft


def _has_gone(conversation: Conversation, client_id: UUID) -> bool:
    just_now = timezone.now() - _OVERTAKEN
    rows = conversation.messages.filter(client_id=client_id)
    return rows.filter(created_at__gt=just_now).exists()


def _before(
    since: Draft, body: str, parts: Mapping[str, Any]
) -> tuple[str, dict[str, Any]]:
    """The words and what stands beside them, and after both what was begun since."""
    joined = {**since.beside, **{name: value for name, value in parts.items() if value}}
    if parts.get("html") or since.beside.get("html"):
        first = parts.get("html") or linebreaks(body, autoescape=True)
        second = since.beside.get("html") or linebreaks(since.body, autoescape=True)
        joined["html"] = first + second
    files = [*parts.get("files", ()), *since.beside.get("files", ())]
    joined["files"] = list(dict.fromkeys(files))
    words = [text for text in (body, since.body) if text.strip()]
    return "\n\n".join(words), joined


def drop_draft(
    conversation: Conversation,
    *,
    member: Membership,
    is_note: bool,
    client_id: UUID | None = None,
) -> None:
    """`client_id`: only where it is of that message, not of what was begun after it."""
    rows = Draft.objects.filter(
        conversation=conversation, member=member, is_note=is_note
    )
    if client_id is not None:
        rows = rows.filter(Q(client_id=client_id) | Q(client_id__isnull=True))
    deleted, _rows = rows.delete()
    if deleted:
        events.drafts_changed(member)


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
