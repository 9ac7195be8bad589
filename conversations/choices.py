"""The words adapters, models and templates share."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Channel(TextChoices):
    WEBCHAT = "webchat", _("Web chat")
    PHONE = "phone", _("Phone")
    EMAIL = "email", _("Email")
    LINE = "line", _("LINE")
    MESSENGER = "messenger", _("Messenger")
    INSTAGRAM = "instagram", _("Instagram")
    WHATSAPP = "whatsapp", _("WhatsApp")
    SMS = "sms", _("SMS")
    X = "x", _("X")


class InquiryStatus(TextChoices):
    NEW = "new", _("Not started")
    ACTIVE = "active", _("In progress")
    PENDING = "pending", _("Waiting for customer")
    DONE = "done", _("Resolved")
    DISMISSED = "dismissed", _("No action needed")


OPEN_STATUSES = (InquiryStatus.NEW, InquiryStatus.ACTIVE, InquiryStatus.PENDING)


class MessageKind(TextChoices):
    TEXT = "text", _("Message")
    NOTE = "note", _("Internal note")
    PHONE_NOTE = "phone_note", _("Phone note")
    SYSTEM = "system", _("Record")


class Direction(TextChoices):
    INBOUND = "inbound", _("From the customer")
    OUTBOUND = "outbound", _("To the customer")
    INTERNAL = "internal", _("Internal")


class DeliveryState(TextChoices):
    """How far a reply has come. Inbound and internal messages stay RECEIVED."""

    RECEIVED = "received", _("Received")
    QUEUED = "queued", _("Queued")
    SENDING = "sending", _("Sending")
    SENT = "sent", _("Sent")
    DELIVERED = "delivered", _("Delivered")
    READ = "read", _("Read")
    FAILED = "failed", _("Failed")
    UNKNOWN = "unknown", _("Unknown: check before resending")


class ThreadEvent(TextChoices):
    """What a system line of the thread tells. `Message.data` has `before` and `after`."""

    OPENED = "opened", _("Inquiry opened")
    REOPENED = "reopened", _("Inquiry reopened")
    CLOSED = "closed", _("Inquiry closed")
    ASSIGNED = "assigned", _("Owner changed")
    STATUS = "status", _("Status changed")
    REASON = "reason", _("Contact reason changed")
    SNOOZED = "snoozed", _("Snoozed")
    WOKEN = "woken", _("Back from snooze")
    PICKED_UP = "picked_up", _("Picked up by phone with a code")
    IDENTITY_ADDED = "identity_added", _("Contact added")
    MISSED_CALL = "missed_call", _("Missed call")
    IDENTIFIED = "identified", _("Identified by the shop")


class CallState(TextChoices):
    RINGING = "ringing", _("Ringing")
    TALKING = "talking", _("Talking")
    HELD = "held", _("On hold")
    WRAP_UP = "wrap_up", _("Wrap-up")
    FINISHED = "finished", _("Finished")
    MISSED = "missed", _("Missed")


RUNNING_CALL_STATES = (
    CallState.RINGING,
    CallState.TALKING,
    CallState.HELD,
    CallState.WRAP_UP,
)


class CallOutcome(TextChoices):
    RESOLVED = "resolved", _("Resolved on the call")
    CALL_BACK = "call_back", _("Call back")
    TRANSFERRED = "transferred", _("Transferred")
    LEFT_MESSAGE = "left_message", _("Left a message")
    NO_ANSWER = "no_answer", _("No answer")
    SILENT = "silent", _("Silent call")
    WRONG_NUMBER = "wrong_number", _("Wrong number")
    OTHER = "other", _("Other")


class EventState(TextChoices):
    PENDING = "pending", _("Waiting")
    PROCESSED = "processed", _("Processed")
    IGNORED = "ignored", _("Ignored")
    QUARANTINED = "quarantined", _("Quarantined")


class NotificationKind(TextChoices):
    MENTION = "mention", _("You were mentioned")
    ASSIGNED = "assigned", _("Assigned to you")
    MESSAGE = "message", _("New message in your inquiry")
    MISSED = "missed", _("Missed call in your inquiry")
    FOLLOW_UP = "follow_up", _("Follow-up due")
    WOKEN = "woken", _("Back from snooze")
