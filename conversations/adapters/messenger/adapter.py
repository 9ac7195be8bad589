"""Messenger: a Facebook page's messages. Source: Messenger Platform, v25.0."""

from datetime import timedelta

from conversations.adapters.base import Capabilities, MediaLimit
from conversations.adapters.messenger.about import ABOUT
from conversations.adapters.meta_graph import fields
from conversations.adapters.meta_graph.messaging import MessagingAdapter

_MB = 1024 * 1024
_OFFICE = "application/vnd.openxmlformats-officedocument."


class MessengerAdapter(MessagingAdapter):
    about = ABOUT
    object = "page"
    account = "page_id"
    events = subscription = (
        "messages",
        "message_echoes",
        "message_edits",
        "message_reactions",
        "message_deliveries",
        "message_reads",
        "messaging_postbacks",
        "messaging_referrals",
        "messaging_optins",
        "messaging_policy_enforcement",
        "standby",
    )
    scopes = ("pages_messaging", "pages_manage_metadata")
    profile_fields = "first_name,last_name,name,profile_pic"
    length = len
    fields = (
        fields.APP_ID,
        fields.APP_SECRET,
        fields.PAGE_ID,
        fields.PAGE_TOKEN,
        fields.VERIFY_TOKEN,
        fields.HUMAN_AGENT,
    )
    capabilities = Capabilities(
        text_limit=2000,
        splits_text=True,
        has_receipts=True,
        carries_files=True,
        media={
            "image": MediaLimit(
                frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"}),
                25 * _MB,
            ),
            "audio": MediaLimit(
                frozenset(
                    {"audio/mpeg", "audio/mp4", "audio/aac", "audio/ogg", "audio/wav"}
                ),
                25 * _MB,
            ),
            "video": MediaLimit(
                frozenset({"video/mp4", "video/quicktime", "video/webm"}), 25 * _MB
            ),
            "document": MediaLimit(
                frozenset(
                    {
                        "application/pdf",
                        "application/zip",
                        "application/msword",
                        "application/vnd.ms-excel",
                        "application/vnd.ms-powerpoint",
                        f"{_OFFICE}wordprocessingml.document",
                        f"{_OFFICE}spreadsheetml.sheet",
                        f"{_OFFICE}presentationml.presentation",
                        "text/plain",
                        "text/csv",
                        "image/heic",
                    }
                ),
                25 * _MB,
            ),
        },
        reply_window=timedelta(hours=24),
        human_window=timedelta(days=7),
        has_profiles=True,
        has_edits=True,
        has_unsend=True,
        has_quotes=True,
        identity_kind="messenger",
        is_scoped=True,
        marks_read=True,
    )
