"""The words adapters, models and templates share."""

from collections.abc import Sequence

from django.db.models import IntegerChoices, TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Channel(TextChoices):
    WEBCHAT = "webchat", _("Web chat")
    PHONE = "phone", _("Phone")
    EMAIL = "email", _("Email")
    LINE = "line", _("LINE")
    MESSENGER = "messenger", _("Messenger")
    INSTAGRAM = "instagram", _("Instagram")
    WHATSAPP = "whatsapp", _("WhatsApp")
    TELEGRAM = "telegram", "Telegram"
    SMS = "sms", _("SMS")
    X = "x", _("X")


def channel_choices() -> Sequence[tuple[str, str | Promise]]:
    """A function, so that a new channel asks for no migration."""
    return Channel.choices


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


class CallLine(TextChoices):
    """The lines of a phone note, see `contents.call_lines`."""

    REQUEST = "request", pgettext_lazy("phone note", "Request")
    COURSE = "course", pgettext_lazy("phone note", "What happened")
    ANSWER = "answer", pgettext_lazy("phone note", "Answer")
    NEXT = "next", pgettext_lazy("phone note", "Next")


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


NOT_SENT = frozenset({DeliveryState.FAILED, DeliveryState.UNKNOWN})


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
    UNDONE = "undone", _("Undone")
    PICKED_UP = "picked_up", _("Picked up by phone with a code")
    IDENTITY_ADDED = "identity_added", _("Contact added")
    MISSED_CALL = "missed_call", _("Missed call")
    IDENTIFIED = "identified", _("Identified by the shop")
    FOLLOWED = "followed", _("Added us as a friend")
    UNFOLLOWED = "unfollowed", _("Blocked us: messages no longer arrive")
    OPTED_OUT = "opted_out", _("Asked for no more messages")
    OPTED_IN = "opted_in", _("Allows messages again")
    JOINED = "joined", _("We were added to a group")
    LEFT = "left", _("We were removed from a group")
    MEMBER_JOINED = "member_joined", _("Somebody joined the group")
    MEMBER_LEFT = "member_left", _("Somebody left the group")
    POSTBACK = "postback", _("Pressed a button")
    REFERRED = "referred", _("Came by a link or an advertisement")
    VIDEO_PLAYED = "video_played", _("Watched the video to the end")
    BEACON = "beacon", _("Came near a beacon")
    CONTINUED = "continued", _("Goes on in the other conversation")
    PARTED = "parted", _("Known as somebody else: no longer joined")
    SAME_PERSON = "same_person", _("Joined by a colleague: one person")
    CLAIM_PROVED = "claim_proved", _("Contact confirmed")
    LINKED = "linked", _("Linked with the shop's account")
    LINK_FAILED = "link_failed", _("Linking with the shop's account failed")
    MEMBERSHIP = "membership", _("Membership changed")
    ADDRESS_CHANGED = "address_changed", _("Contact changed")
    TO_CHECK = "to_check", _("Please check")
    HELD_BACK = "held_back", _("Scheduled reply held back: the customer wrote first")


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
    DISCARDED = "discarded", _("Discarded")
    HELD = "held", _("Held until the inbox is live")


class EventLane(IntegerChoices):
    """Which of an inbox's pending events are taken up first. No words of a screen."""

    MESSAGE = 0  # a customer's message, or what may be one
    OTHER = 1  # receipts, edits and the like
    RETRY = 2  # tried before


class InboxState(TextChoices):
    """How far an inbox is open. Customers reach it only when it is PARTIAL or LIVE."""

    DRAFT = "draft", pgettext_lazy("inbox", "Draft")
    TEST = "test", pgettext_lazy("inbox", "Test")
    PARTIAL = "partial", pgettext_lazy("inbox", "Partly live")
    LIVE = "live", pgettext_lazy("inbox", "Live")
    STOPPED = "stopped", pgettext_lazy("inbox", "Stopped")


OPEN_INBOX_STATES = (InboxState.PARTIAL, InboxState.LIVE)


class MessageContent(TextChoices):
    """What a message is, where it is not its text alone."""

    TEXT = "text", pgettext_lazy("content", "Text")
    IMAGE = "image", pgettext_lazy("content", "Picture")
    VIDEO = "video", pgettext_lazy("content", "Video")
    AUDIO = "audio", pgettext_lazy("content", "Audio")
    FILE = "file", pgettext_lazy("content", "File")
    STICKER = "sticker", pgettext_lazy("content", "Sticker")
    LOCATION = "location", pgettext_lazy("content", "Location")
    CONTACT = "contact", pgettext_lazy("content", "Contact card")
    STORY = "story", pgettext_lazy("content", "Story")
    SHARE = "share", pgettext_lazy("content", "Shared post")
    CHOICE = "choice", pgettext_lazy("content", "Answer to a choice")
    ORDER = "order", pgettext_lazy("content", "Order")
    TEMPLATE = "template", pgettext_lazy("content", "Template")
    ENCRYPTED = "encrypted", pgettext_lazy("content", "Cannot be read here")
    UNSUPPORTED = "unsupported", pgettext_lazy("content", "Not shown by the provider")


class ClosedReason(TextChoices):
    """Why a customer cannot be written to on one inbox now."""

    WINDOW = "window", _("The time for replies is over")
    NEVER_WROTE = "never_wrote", _("The customer has not written here yet")
    UNFOLLOWED = "unfollowed", _("The customer has blocked the account")
    OPTED_OUT = "opted_out", _("The customer asked for no more messages")
    QUOTA = "quota", _("This month's messages are used up")
    STOPPED = "stopped", _("The inbox is stopped")
    UNREACHABLE = "unreachable", _("The provider cannot reach this address")
    LANDLINE = "landline", _("A landline receives no text messages")
    NO_IDENTITY = "no_identity", _("No contact of the customer for this channel")


class ReactionSide(TextChoices):
    """Who has put an emoji on a message."""

    CUSTOMER = "customer", _("The customer reacted with")
    US = "us", _("We reacted with")


class NoteEmoji(TextChoices):
    """What members may put on a note, and how it is read out."""

    LIKE = "👍", pgettext_lazy("reaction", "Good")
    DONE = "✅", pgettext_lazy("reaction", "Done")
    LOOKING = "👀", pgettext_lazy("reaction", "Looking into it")
    THANKS = "🙏", pgettext_lazy("reaction", "Thank you")
    CHEER = "🎉", pgettext_lazy("reaction", "Well done")
    QUESTION = "❓", pgettext_lazy("reaction", "I have a question")


class ScheduleStop(TextChoices):
    """Why a scheduled reply did not leave at its time."""

    OVERTAKEN = "overtaken", _("The customer wrote first")
    REFUSED = "refused", _("It could not be sent")


class ScheduleMark(TextChoices):
    """What the list says of a conversation's scheduled replies."""

    WAITING = "waiting", pgettext_lazy("reply", "Scheduled")
    STOPPED = "stopped", pgettext_lazy("reply", "Scheduled, stopped")


class FileState(TextChoices):
    """Whether the bytes of an attachment are with us yet."""

    READY = "ready", pgettext_lazy("file", "Ready")
    WAITING = "waiting", pgettext_lazy("file", "Being fetched")
    FAILED = "failed", pgettext_lazy("file", "Could not be fetched")


class AttemptOutcome(TextChoices):
    ACCEPTED = "accepted", pgettext_lazy("attempt", "Accepted")
    TEMPORARY = "temporary", pgettext_lazy("attempt", "Failed, tried again later")
    PERMANENT = "permanent", pgettext_lazy("attempt", "Refused")
    UNKNOWN = "unknown", pgettext_lazy("attempt", "No answer")


class NotificationKind(TextChoices):
    MENTION = "mention", _("You were mentioned")
    ASSIGNED = "assigned", _("Assigned to you")
    MESSAGE = "message", _("New message in your inquiry")
    MISSED = "missed", _("Missed call in your inquiry")
    FOLLOW_UP = "follow_up", _("Follow-up due")
    WOKEN = "woken", _("Back from snooze")
    NOT_SENT = "not_sent", _("Your reply was not sent")
    OVERTAKEN = "overtaken", _("The customer wrote before your scheduled reply")


class FailureCode(TextChoices):
    """Why a provider did not take a message, in words an agent can act on."""

    CREDENTIALS = "credentials", _("The provider no longer accepts our sign-in")
    PERMISSION = "permission", _("The provider does not permit this to our account")
    WINDOW = "window", _("The time for replies is over")
    QUOTA = "quota", _("This month's messages are used up")
    RATE = "rate", _("Too many messages at once")
    RECIPIENT = "recipient", _("This address does not exist or is no longer in use")
    BLOCKED = "blocked", _("The customer has blocked the account")
    OPTED_OUT = "opted_out", _("The customer asked for no more messages")
    CONTENT = "content", _("The provider refused the text or the file")
    TOO_LONG = "too_long", _("The text is too long for this channel")
    FILE_KIND = "file_kind", _("This channel cannot carry a file of this kind")
    FILE_SIZE = "file_size", _("The file is too large for this channel")
    TEMPLATE = "template", _("The provider does not accept this template")
    SPAM = "spam", _("The provider took the message for spam")
    CAP = "cap", _("The provider limits how many messages this customer gets")
    MAILBOX_FULL = "mailbox_full", _("The customer's mailbox is full")
    EXPIRED = "expired", _("It could not be delivered in time")
    SET_UP = "set_up", _("The inbox is not set up completely")
    PROVIDER = "provider", _("The provider has a fault")
    NETWORK = "network", _("The provider could not be reached")
    TIMEOUT = "timeout", _("The provider did not answer")
    REFUSED = "refused", _("The provider refused the message")
    GIVEN_UP = "given_up", _("Tried for a long time without success")
