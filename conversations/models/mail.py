from __future__ import annotations

from django.db import models

from conversations.models.event import ProviderEvent
from conversations.models.inbox import Inbox
from conversations.models.message import Message


class MailBody(models.Model):
    """The whole of a mail, beside its message, which holds what is new in it.

    `html` of a customer is as they wrote it: it is cleaned whenever it is shown.
    """

    message = models.OneToOneField(
        Message, on_delete=models.CASCADE, related_name="mail", primary_key=True
    )
    text = models.TextField(blank=True)  # quotes and signature included
    html = models.TextField(blank=True)
    event = models.ForeignKey(
        ProviderEvent, null=True, on_delete=models.SET_NULL, related_name="+"
    )  # with the raw mail; none for ours

    def __str__(self) -> str:
        return f"mail of message {self.message_id}"


class MailFolder(models.Model):
    """How far one folder of a mailbox has been read.

    All up to `last_uid` are kept; the numbers mean nothing under another `uidvalidity`.
    `begun_uid` is the mail that was being fetched last, `begun` how often it was tried
    without being stored.
    """

    inbox = models.ForeignKey(Inbox, on_delete=models.CASCADE, related_name="folders")
    name = models.CharField(max_length=200)
    uidvalidity = models.BigIntegerField()
    last_uid = models.BigIntegerField(default=0)
    begun_uid = models.BigIntegerField(default=0)
    begun = models.PositiveSmallIntegerField(default=0)
    synced_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["inbox", "name"], name="mail_folder_once")
        ]

    def __str__(self) -> str:
        return f"{self.name} of {self.inbox_id}"
