from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from typing import Any, Self

from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import F, Q
from django.db.models.fields.json import KeyTransform
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from agentdesk.accounts.models import AccountOwned, AccountOwnedQuerySet, Membership
from conversations.choices import (
    DeliveryState,
    Direction,
    FileState,
    MessageContent,
    MessageKind,
    ThreadEvent,
    channel_choices,
)
from conversations.contents.email import Email
from conversations.contents.side_thread import SideThread
from conversations.contents.speaker import Speaker
from conversations.models.conversation import Conversation
from conversations.models.inbox import Inbox
from conversations.models.inquiry import Inquiry
from customers.models import Identity

MAX_BODY = 20_000  # characters
SHOWN_IMAGES = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})
PLAYED_AUDIO = frozenset(
    {"audio/mpeg", "audio/mp4", "audio/aac", "audio/ogg", "audio/wav"}
)
PLAYED_VIDEO = frozenset({"video/mp4", "video/webm", "video/quicktime"})
DRAWN = SHOWN_IMAGES | {"application/pdf"}  # what a preview is made of
# A picture in the thread is at most so large, in CSS pixels, and never a mere line.
_WIDEST, _HIGHEST, _LEAST = 288, 224, 48


class MessageQuerySet(AccountOwnedQuerySet["Message"]):
    """Also by what stands in `data`: nobody else spells its keys in a query."""

    def mails(self) -> Self:
        return self.filter(data__has_key=Email.NAME)

    def of_side_threads(self) -> Self:
        return self.filter(data__has_key=SideThread.NAME)

    def spoken_by(self, speaker: str) -> Self:
        """Of a group: what somebody has said there, by the provider's id of them."""
        return self.filter(data__has_key=Speaker.NAME, data__speaker__id=speaker)

    def by_unnamed(self) -> Self:
        return self.filter(data__speaker__name="")

    def by_named(self) -> Self:
        return self.exclude(data__speaker__name="")

    def written_to(self, address: str) -> Self:
        """Replies to a customer's address, a merely stated one too."""
        return self.filter(Q(identity__value=address) | Q(data__claim__value=address))

    def automatic(self) -> Self:
        return self.filter(data__automatic=True)

    def on_occasion(self, occasion: str) -> Self:
        return self.filter(data__occasion=occasion)

    def to_check(self) -> Self:
        """Lines of the thread that somebody should look at."""
        return self.filter(event=ThreadEvent.TO_CHECK)

    def undecided(self) -> Self:
        """Of those: they ask whether two threads are one person's."""
        return self.filter(data__after__has_key="claim")

    def about_claim(self, claim: int) -> Self:
        return self.filter(data__after__claim=claim)

    def about_joinings(self, joinings: Iterable[int]) -> Self:
        return self.filter(data__after__joining__in=list(joinings))

    def saying(self, after: Mapping[str, Any]) -> Self:
        """System lines of exactly that."""
        return self.filter(data__after=dict(after))


class Message(AccountOwned):
    """One item of the thread, ordered by the provider's time, then by our sequence.

    `client_id` is what the browser that wrote it made up: a second submission of the
    same one is the same message. System lines carry an `event` and its `data`. What
    else `data` may hold is in `conversations.contents`, one file per kind.
    """

    conversation = models.ForeignKey(
        Conversation, on_delete=models.PROTECT, related_name="messages"
    )
    inquiry = models.ForeignKey(
        Inquiry, null=True, on_delete=models.PROTECT, related_name="messages"
    )
    inbox = models.ForeignKey(
        Inbox, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    channel = models.CharField(max_length=10, choices=channel_choices, blank=True)
    kind = models.CharField(max_length=10, choices=MessageKind.choices)
    direction = models.CharField(max_length=8, choices=Direction.choices)
    author = models.ForeignKey(
        Membership, null=True, on_delete=models.PROTECT, related_name="+"
    )
    # Whose address: the sender's of an inbound message, the recipient's of a reply.
    identity = models.ForeignKey(
        Identity, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    content = models.CharField(
        max_length=11, choices=MessageContent.choices, default=MessageContent.TEXT
    )
    body = models.TextField(max_length=MAX_BODY, blank=True)
    event = models.CharField(max_length=16, choices=ThreadEvent.choices, blank=True)
    data = models.JSONField(default=dict, blank=True)
    provider_message_id = models.CharField(max_length=200, null=True, blank=True)  # noqa: DJ001  # null is "none", and unique
    client_id = models.UUIDField(null=True, blank=True)
    state = models.CharField(
        max_length=10, choices=DeliveryState.choices, default=DeliveryState.RECEIVED
    )
    failure = models.CharField(max_length=40, blank=True)  # a FailureCode
    failure_detail = models.CharField(  # the provider's words
        max_length=300, blank=True, default="", db_default=""
    )
    occurred_at = models.DateTimeField(default=timezone.now)  # the provider's time
    created_at = models.DateTimeField(auto_now_add=True)
    is_late = models.BooleanField(default=False)
    removed_at = models.DateTimeField(null=True, blank=True)  # taken back: a tombstone
    held_until = models.DateTimeField(
        null=True, blank=True
    )  # a reply its writer may undo
    delivered_at = models.DateTimeField(null=True, blank=True)
    read_at = models.DateTimeField(null=True, blank=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        constraints = [
            models.UniqueConstraint(
                fields=["inbox", "provider_message_id"], name="message_arrives_once"
            ),
            models.UniqueConstraint(
                fields=["conversation", "client_id"], name="message_written_once"
            ),
        ]
        indexes = [
            models.Index(
                fields=["conversation", "-occurred_at", "-id"], name="message_thread"
            ),
            models.Index(
                fields=["state", "id"],
                condition=Q(state__in=["queued", "sending"]),
                name="message_unsent",
            ),
            models.Index(
                fields=["inquiry", "id"],
                condition=Q(kind="system"),
                name="message_timeline",
            ),
            models.Index(
                fields=["inbox", "direction", "-created_at"], name="message_newest"
            ),
            models.Index(
                fields=["conversation", "-occurred_at"],
                condition=Q(data__has_key="email"),
                name="message_mail",
            ),
            models.Index(
                F("conversation"),
                KeyTransform("id", KeyTransform("speaker", "data")),
                condition=Q(data__has_key="speaker"),
                name="message_speaker",
            ),
            models.Index(
                fields=["conversation"],
                condition=Q(event="to_check"),
                name="message_to_check",
            ),
            BrinIndex(fields=["created_at"], name="message_created"),
        ]

    def __str__(self) -> str:
        return f"message {self.pk}"

    @property
    def is_inbound(self) -> bool:
        return self.direction == Direction.INBOUND


def _new_file_key() -> str:
    return secrets.token_urlsafe(24)


class Attachment(AccountOwned):
    """A file of a message, stored under a random name. `key` stands in its address.

    `message` is None between upload and sending; a sweep removes what stays so. While
    it is WAITING, `source` tells the channel's adapter where its bytes are.
    `is_internal`: uploaded for a note, for members only; it never changes.
    """

    conversation = models.ForeignKey(
        Conversation, on_delete=models.PROTECT, related_name="+"
    )
    message = models.ForeignKey(
        Message, null=True, on_delete=models.PROTECT, related_name="attachments"
    )
    uploaded_by = models.ForeignKey(
        Membership, null=True, on_delete=models.PROTECT, related_name="+"
    )  # None is the customer
    is_internal = models.BooleanField(default=False)
    key = models.CharField(max_length=40, unique=True, default=_new_file_key)
    file = models.FileField(max_length=200, blank=True)
    preview = models.FileField(max_length=200, blank=True)  # a small picture of it
    name = models.CharField(max_length=255)
    content_type = models.CharField(max_length=100)  # sniffed, never as declared
    content_id = models.CharField(max_length=255, blank=True)  # inside a mail's text
    size = models.PositiveBigIntegerField()
    state = models.CharField(
        max_length=7, choices=FileState.choices, default=FileState.READY
    )
    source = models.JSONField(default=dict, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField(null=True, blank=True)
    width = models.PositiveIntegerField(null=True, blank=True)
    height = models.PositiveIntegerField(null=True, blank=True)
    preview_tried_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = AccountOwnedQuerySet["Attachment"].as_manager()

    class Meta:
        indexes = [
            models.Index(
                fields=["next_attempt_at"],
                condition=Q(state="waiting"),
                name="attachment_waiting",
            ),
            models.Index(
                fields=["id"],
                condition=Q(
                    state="ready",
                    preview_tried_at__isnull=True,
                    content_type__in=sorted(DRAWN),
                ),
                name="attachment_undrawn",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def shown_id(self) -> str:
        """What the HTML of a mail calls it by, without `cid:`."""
        return self.content_id or f"{self.key}@agentdesk"

    @property
    def is_image(self) -> bool:
        return self.content_type in SHOWN_IMAGES

    @property
    def player(self) -> str:
        """The element that plays it: audio, video, or none."""
        if self.content_type in PLAYED_AUDIO:
            return "audio"
        return "video" if self.content_type in PLAYED_VIDEO else ""

    @property
    def is_shown_inline(self) -> bool:
        """Safe to open in the browser; all else is saved."""
        return self.is_image or bool(self.player)

    @property
    def is_drawn(self) -> bool:
        """A preview can be made of it, now that it is here."""
        return self.state == FileState.READY and self.content_type in DRAWN

    @property
    def shown_size(self) -> tuple[int, int] | None:
        """Width and height of its picture in the thread, known before it is there."""
        if not self.width or not self.height:
            return None
        scale = min(_WIDEST / self.width, _HIGHEST / self.height, 1)
        return (
            max(round(self.width * scale), _LEAST),
            max(round(self.height * scale), _LEAST),
        )
