"""Conversations, inquiries, messages, calls, and the inboxes they come in by."""

from conversations.models.call import Call, FollowUp
from conversations.models.claim_code import ClaimCode
from conversations.models.compose import ComposeLease, Draft
from conversations.models.connection import InboxConnection, InboxRefusals, Reach
from conversations.models.conversation import Conversation
from conversations.models.delivery import Delivery, DeliveryAttempt
from conversations.models.event import ProviderEvent
from conversations.models.failed_item import FailedItem
from conversations.models.inbox import Inbox, InboxApiKey, Queue, WebChatSettings
from conversations.models.inbox_hour import InboxHour
from conversations.models.inquiry import ContactReason, Inquiry
from conversations.models.link import AccountLinkNonce, Joining
from conversations.models.mail import MailBody, MailFolder
from conversations.models.mention import Mention
from conversations.models.message import Attachment, Message
from conversations.models.message_change import MessageEdit, MessageReaction
from conversations.models.note_marks import NoteReaction, Pin
from conversations.models.notification import Notification
from conversations.models.scheduled_reply import ScheduledReply
from conversations.models.template import Template
from conversations.models.visitor import PickupAttempt, PickupCode, Visitor
from conversations.models.word_list import WordList

__all__ = [
    "AccountLinkNonce",
    "Attachment",
    "Call",
    "ClaimCode",
    "ComposeLease",
    "ContactReason",
    "Conversation",
    "Delivery",
    "DeliveryAttempt",
    "Draft",
    "FailedItem",
    "FollowUp",
    "Inbox",
    "InboxApiKey",
    "InboxConnection",
    "InboxHour",
    "InboxRefusals",
    "Inquiry",
    "Joining",
    "MailBody",
    "MailFolder",
    "Mention",
    "Message",
    "MessageEdit",
    "MessageReaction",
    "NoteReaction",
    "Notification",
    "PickupAttempt",
    "PickupCode",
    "Pin",
    "ProviderEvent",
    "Queue",
    "Reach",
    "ScheduledReply",
    "Template",
    "Visitor",
    "WebChatSettings",
    "WordList",
]
