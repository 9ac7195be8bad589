"""Undoing what has just been done to an inquiry: closing, snoozing, handing it over."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from django.core import signing
from django.db import transaction
from django.utils.dateparse import parse_datetime

from agentdesk.accounts.models import User
from agentdesk.audit import log
from conversations.choices import NotificationKind, ThreadEvent
from conversations.exceptions import AnotherOpenError, TooLateError
from conversations.inquiries.actions.conversation import lock
from conversations.inquiries.actions.record import add_line
from conversations.live import events
from conversations.models import Inquiry, Notification

_SALT = "undo of an inquiry"
_MOST_SECONDS = 60  # the button shows for five of them
_MOMENTS = ("closed_at", "waiting_since", "snoozed_until")
_FIELDS = ("status", "owner_id", "reason_id", "summary", *_MOMENTS)
_COLUMNS = [name.removesuffix("_id") for name in _FIELDS]


def state_of(inquiry: Inquiry) -> dict[str, Any]:
    """What an undo gives back, as JSON."""
    values = {name: getattr(inquiry, name) for name in _FIELDS}
    return {
        name: one.astimezone(UTC).isoformat() if isinstance(one, datetime) else one
        for name, one in values.items()
    }


def undo_token(inquiry: Inquiry, *, actor: User, before: Mapping[str, Any]) -> str:
    """For `undo`: `before` is `state_of` the inquiry as it was, `inquiry` as it is now."""
    content = {
        "inquiry": inquiry.pk,
        "user": actor.pk,
        "before": dict(before),
        "after": state_of(inquiry),
    }
    return signing.dumps(content, salt=_SALT, compress=True)


@transaction.atomic
def undo(inquiry: Inquiry, *, actor: User, token: str) -> Inquiry:
    """Give the inquiry back as it was before the change of `token`.

    Raises TooLateError where the token is somebody else's, of something else or too old,
    or the inquiry has been changed since; AnotherOpenError where another one was opened.
    """
    try:
        content = signing.loads(token, salt=_SALT, max_age=_MOST_SECONDS)
    except signing.BadSignature:
        raise TooLateError from None
    lock(inquiry.conversation)
    rows = Inquiry.objects.select_for_update(of=("self",), no_key=True)
    inquiry = rows.select_related("conversation", "owner__user").get(pk=inquiry.pk)
    is_mine = (content["inquiry"], content["user"]) == (inquiry.pk, actor.pk)
    if not is_mine or content["after"] != state_of(inquiry):
        raise TooLateError
    was_open = inquiry.is_open
    if not was_open and inquiry.conversation.inquiries.open().exists():
        raise AnotherOpenError
    _drop_notification(inquiry, owner=content["before"]["owner_id"])
    for name, value in content["before"].items():
        is_moment = name in _MOMENTS and value is not None
        setattr(inquiry, name, parse_datetime(value) if is_moment else value)
    inquiry.save(update_fields=_COLUMNS)
    _record(inquiry, actor, content["before"], content["after"])
    return inquiry


def _drop_notification(inquiry: Inquiry, *, owner: int | None) -> None:
    """Whoever it was handed to needs no notification of it any more."""
    if inquiry.owner is None or inquiry.owner_id == owner:
        return
    newest = Notification.objects.filter(
        member=inquiry.owner,
        kind=NotificationKind.ASSIGNED,
        conversation=inquiry.conversation_id,
        seen_at__isnull=True,
    ).last()
    if newest is not None:
        newest.delete()
        events.notifications_changed(inquiry.owner)


def _record(
    inquiry: Inquiry, actor: User, before: Mapping[str, Any], after: Mapping[str, Any]
) -> None:
    log.record("inquiry.undone", inquiry, actor=actor, before=after, after=before)
    add_line(inquiry.conversation, inquiry, ThreadEvent.UNDONE, actor=actor)
    events.inquiry_changed(inquiry)
