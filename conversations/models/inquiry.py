from __future__ import annotations

from typing import Self

from django.contrib.postgres.indexes import OpClass
from django.db import models
from django.db.models import Case, F, Q, Value, When
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from agentdesk.accounts.access import Access
from agentdesk.accounts.models import (
    AccountOwned,
    AccountOwnedQuerySet,
    Membership,
    SandboxedQuerySet,
)
from conversations.choices import OPEN_STATUSES, InquiryStatus, channel_choices
from conversations.models.conversation import Conversation
from conversations.models.inbox import Inbox, Queue
from conversations.models.partly_live import hidden_inquiries

_IS_OPEN = Q(status__in=[str(status) for status in OPEN_STATUSES])


class ContactReason(AccountOwned):
    """Why the customer wrote: a tree per account. Retired ones stay on old inquiries."""

    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="children"
    )
    name = models.CharField(_("name"), max_length=60)
    kana = models.CharField(_("reading"), max_length=120, blank=True, db_default="")
    position = models.PositiveIntegerField(default=0)
    retired_at = models.DateTimeField(null=True, blank=True)

    objects = AccountOwnedQuerySet["ContactReason"].as_manager()

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["account", "parent", "name"],
                name="reason_name_once",
                nulls_distinct=False,
            )
        ]

    def __str__(self) -> str:
        return self.name


class InquiryQuerySet(SandboxedQuerySet["Inquiry"]):
    def open(self) -> Self:
        return self.filter(_IS_OPEN)

    def closed(self) -> Self:
        return self.exclude(_IS_OPEN)

    def awake(self) -> Self:
        return self.filter(snoozed_until__isnull=True)

    def unassigned(self) -> Self:
        return self.filter(owner__isnull=True)

    def owned_by(self, access: Access) -> Self:
        return self.filter(
            owner_id__in=[member.pk for member in access.memberships.values()]
        )

    def visible_to(self, access: Access) -> Self:
        return super().visible_to(access).open_to(access)

    def shown_to(self, access: Access) -> Self:
        return super().shown_to(access).open_to(access)

    def open_to(self, access: Access) -> Self:
        """Without those that others try (`tried`)."""
        hidden = hidden_inquiries(access)
        return self if hidden is None else self.exclude(hidden)


class Inquiry(AccountOwned):
    """A piece of work inside a conversation; a conversation has at most one open.

    `waiting_since` is the time of the oldest customer message nobody has answered.
    `due_at` is when they are to be answered by, `due_soon_at` when that is near, both by
    the account's opening hours; of a customer who waits for nothing they say nothing.
    The open list runs by `list_group, list_moment`: who is on the phone, who sits before
    a chat, who waits elsewhere, each by when an answer is due; then those who wait for
    nobody by their last activity.
    """

    conversation = models.ForeignKey(
        Conversation, on_delete=models.PROTECT, related_name="inquiries"
    )
    reference = models.CharField(_("reference"), max_length=12)
    queue = models.ForeignKey(Queue, on_delete=models.PROTECT, related_name="+")
    owner = models.ForeignKey(
        Membership,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="inquiries",
    )
    status = models.CharField(
        _("status"),
        max_length=10,
        choices=InquiryStatus.choices,
        default=InquiryStatus.NEW,
    )
    channel = models.CharField(
        _("channel"), max_length=10, choices=channel_choices
    )  # the one it was opened on
    is_test = models.BooleanField(default=False)  # of an inbox being set up
    # The inbox it came by while that was partly live: its chosen members come first.
    partial_inbox = models.ForeignKey(
        Inbox, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    subject = models.CharField(_("subject"), max_length=200, blank=True)
    reason = models.ForeignKey(
        ContactReason,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("contact reason"),
    )
    summary = models.TextField(_("summary"), max_length=2000, blank=True)
    opened_at = models.DateTimeField(default=timezone.now)
    closed_at = models.DateTimeField(null=True, blank=True)
    snoozed_until = models.DateTimeField(null=True, blank=True)
    waiting_since = models.DateTimeField(null=True, blank=True)
    due_at = models.DateTimeField(null=True, blank=True)
    due_soon_at = models.DateTimeField(null=True, blank=True)
    waits_live = models.BooleanField(default=False, db_default=False)  # in a chat
    on_call = models.BooleanField(default=False, db_default=False)  # rings, or talks
    last_activity_at = models.DateTimeField(default=timezone.now)
    list_group = models.GeneratedField(
        expression=Case(
            When(on_call=True, then=Value(0)),
            When(waiting_since__isnull=True, then=Value(3)),
            When(waits_live=True, then=Value(1)),
            default=Value(2),
        ),
        output_field=models.SmallIntegerField(),
        db_persist=True,
    )
    list_moment = models.GeneratedField(
        expression=Case(
            When(waiting_since__isnull=True, then=F("last_activity_at")),
            default=Coalesce("due_at", "waiting_since"),
        ),
        output_field=models.DateTimeField(),
        db_persist=True,
    )

    objects = InquiryQuerySet.as_manager()

    class Meta:
        verbose_name = _("inquiry")
        verbose_name_plural = _("inquiries")
        constraints = [
            models.UniqueConstraint(
                fields=["account", "reference"], name="inquiry_reference_once"
            ),
            models.UniqueConstraint(
                fields=["conversation"],
                condition=_IS_OPEN,
                name="one_open_inquiry",
            ),
            models.CheckConstraint(
                condition=_IS_OPEN ^ Q(closed_at__isnull=False),
                name="closed_has_a_time",
            ),
        ]
        indexes = [
            models.Index(
                fields=["account", "list_group", "list_moment", "id"],
                condition=_IS_OPEN,
                name="inquiry_open_list",
            ),
            models.Index(
                fields=["owner", "list_group", "list_moment", "id"],
                include=["snoozed_until", "is_test"],
                condition=_IS_OPEN,
                name="inquiry_owner_list",
            ),
            models.Index(
                fields=["account", "list_group", "list_moment", "id"],
                include=["snoozed_until", "is_test"],
                condition=_IS_OPEN & Q(owner__isnull=True),
                name="inquiry_unassigned_list",
            ),
            models.Index(
                fields=["account", "-last_activity_at", "-id"],
                name="inquiry_newest",
            ),
            models.Index(
                fields=["id"],
                condition=_IS_OPEN
                & Q(waiting_since__isnull=False, due_at__isnull=True),
                name="inquiry_without_due",
            ),
            models.Index(
                fields=["id"], condition=Q(on_call=True), name="inquiry_on_call"
            ),
            models.Index(
                fields=["snoozed_until"],
                condition=Q(snoozed_until__isnull=False),
                name="inquiry_snoozed",
            ),
            models.Index(
                F("account"),
                OpClass("reference", name="text_pattern_ops"),
                name="inquiry_reference_prefix",
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def is_open(self) -> bool:
        return self.status in OPEN_STATUSES

    @property
    def open_status_choices(self) -> list[tuple[str, str]]:
        return [(status.value, str(status.label)) for status in OPEN_STATUSES]
