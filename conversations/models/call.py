from __future__ import annotations

from datetime import timedelta
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from agentdesk.accounts.models import AccountOwned, AccountOwnedQuerySet, Membership
from conversations.choices import (
    RUNNING_CALL_STATES,
    CallOutcome,
    CallState,
    Direction,
)
from conversations.contents.call_lines import CallLines
from conversations.models.conversation import Conversation
from conversations.models.inbox import Inbox
from conversations.models.inquiry import ContactReason, Inquiry
from conversations.models.message import Message

_IS_RUNNING = Q(state__in=[str(state) for state in RUNNING_CALL_STATES])


class CallQuerySet(AccountOwnedQuerySet["Call"]):
    def running(self) -> Self:
        return self.filter(_IS_RUNNING)


class Call(AccountOwned):
    """One phone call with its clock; ends in a phone note (`message`).

    A ringing call may have no conversation yet: several customers share a number, or
    nobody is known under it. `lines` keeps the notes typed while it runs, `wrap_up` what
    has been chosen beside them, until both become the note.
    """

    inbox = models.ForeignKey(
        Inbox, null=True, on_delete=models.PROTECT, related_name="calls"
    )
    provider_call_id = models.CharField(max_length=120, null=True, blank=True)  # noqa: DJ001  # null is "none", and unique
    conversation = models.ForeignKey(
        Conversation, null=True, on_delete=models.PROTECT, related_name="calls"
    )
    inquiry = models.ForeignKey(
        Inquiry, null=True, on_delete=models.PROTECT, related_name="calls"
    )
    member = models.ForeignKey(
        Membership, null=True, on_delete=models.PROTECT, related_name="calls"
    )
    # Whose extensions ring; `member` is the one of them where there is but one.
    rings = models.ManyToManyField(Membership, related_name="+")
    member_since = models.DateTimeField(null=True, blank=True)  # answered, transferred
    direction = models.CharField(
        max_length=8, choices=Direction.choices, default=Direction.INBOUND
    )
    from_number = models.CharField(max_length=40, blank=True)  # E.164, or as it came
    to_number = models.CharField(max_length=40, blank=True)
    state = models.CharField(
        max_length=8, choices=CallState.choices, default=CallState.TALKING
    )
    rang_at = models.DateTimeField(default=timezone.now)
    answered_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    held_since = models.DateTimeField(null=True, blank=True)
    held_for = models.DurationField(default=timedelta)
    picked_up_with_code = models.BooleanField(default=False)
    lines = models.JSONField(default=dict, blank=True)  # CallLines
    draft = models.TextField(blank=True)  # notes from before there were lines
    draft_version = models.PositiveIntegerField(default=0)  # grows with every save
    wrap_up = models.JSONField(default=dict, blank=True)  # its fields, as begun
    number_settled = models.BooleanField(
        default=False
    )  # bound to somebody, or declined
    missed_noted = models.BooleanField(default=False)  # the thread says it was missed
    outcome = models.CharField(
        _("outcome"), max_length=14, choices=CallOutcome.choices, blank=True
    )
    reason = models.ForeignKey(
        ContactReason, null=True, on_delete=models.PROTECT, related_name="+"
    )
    message = models.OneToOneField(
        Message, null=True, on_delete=models.PROTECT, related_name="call"
    )
    updated_at = models.DateTimeField(auto_now=True)

    objects = CallQuerySet.as_manager()

    class Meta:
        verbose_name = _("call")
        verbose_name_plural = _("calls")
        constraints = [
            models.UniqueConstraint(
                fields=["inbox", "provider_call_id"], name="call_once"
            ),
            models.UniqueConstraint(
                fields=["member"],
                condition=Q(state__in=["talking", "held", "wrap_up"]),
                name="one_call_at_a_time",
            ),
        ]
        indexes = [
            models.Index(
                fields=["member", "state"], condition=_IS_RUNNING, name="call_running"
            ),
            models.Index(
                fields=["account", "rang_at"],
                condition=Q(state="ringing"),
                name="call_ringing",
            ),
            models.Index(
                fields=["ended_at"],
                condition=Q(state="missed", missed_noted=False),
                name="call_missed_unnoted",
            ),
            models.Index(fields=["member", "-rang_at", "-id"], name="call_newest"),
            models.Index(fields=["account", "-rang_at", "-id"], name="call_of_account"),
        ]

    def __str__(self) -> str:
        return f"call {self.pk}"

    @property
    def talk_time(self) -> timedelta:
        """From answer to end (or now), holds included."""
        if self.answered_at is None:
            return timedelta()
        return (self.ended_at or timezone.now()) - self.answered_at

    @property
    def notes(self) -> CallLines:
        """What has been typed so far; an older text without lines is the course."""
        if self.lines or not self.draft:
            return CallLines.from_json(self.lines)
        return CallLines(course=self.draft)

    @property
    def customer_number(self) -> str:
        return (
            self.from_number if self.direction == Direction.INBOUND else self.to_number
        )


class FollowUp(AccountOwned):
    """Something promised to a customer, with a due time."""

    conversation = models.ForeignKey(
        Conversation, on_delete=models.PROTECT, related_name="follow_ups"
    )
    call = models.ForeignKey(
        Call, null=True, on_delete=models.SET_NULL, related_name="follow_ups"
    )
    owner = models.ForeignKey(
        Membership, on_delete=models.PROTECT, related_name="follow_ups"
    )
    text = models.CharField(_("follow-up"), max_length=300)
    due_at = models.DateTimeField(_("due"))
    told_at = models.DateTimeField(null=True, blank=True)  # the owner was notified
    done_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = AccountOwnedQuerySet["FollowUp"].as_manager()

    class Meta:
        ordering = ["due_at", "pk"]
        indexes = [
            models.Index(
                fields=["owner", "due_at"],
                condition=Q(done_at__isnull=True),
                name="follow_up_open",
            ),
            models.Index(
                fields=["due_at"],
                condition=Q(done_at__isnull=True, told_at__isnull=True),
                name="follow_up_due",
            ),
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def is_late(self) -> bool:
        return self.done_at is None and self.due_at <= timezone.now()
