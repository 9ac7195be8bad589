"""Instagram: direct messages, by the page the account is connected with.

Source: Instagram Messaging on the Messenger Platform, v25.0.
"""

from datetime import timedelta
from pathlib import PurePath

from django.utils.translation import gettext_noop as _

from conversations.adapters.base import Capabilities, Field, MediaLimit, OutboundFile
from conversations.adapters.instagram.about import ABOUT
from conversations.adapters.meta_graph import fields
from conversations.adapters.meta_graph.messaging import MessagingAdapter
from conversations.adapters.splitting import utf8_length

_MB = 1024 * 1024


class InstagramAdapter(MessagingAdapter):
    about = ABOUT
    object = "instagram"
    account = "instagram_id"
    events = (
        "messages",
        "message_reactions",
        "messaging_postbacks",
        "messaging_referral",
        "messaging_seen",
        "standby",
    )
    subscription = ("messages",)  # of the page; Meta asks for any one
    scopes = ("instagram_basic", "instagram_manage_messages", "pages_manage_metadata")
    profile_fields = "name,username,profile_pic"
    length = utf8_length
    has_marks = False  # Instagram's echoes carry no metadata: we know ours by their ids
    platform = {"platform": "instagram"}
    fields = (
        fields.APP_ID,
        fields.APP_SECRET,
        fields.PAGE_ID,
        Field(
            "instagram_id",
            _("Instagram account ID"),
            help=_(
                "The number of the professional account (it begins with 17841), not its @name."
            ),
            where="Meta Business Suite > 設定 > アカウント > Instagramアカウント (Settings > Accounts > Instagram accounts)",
            pattern=r"\d{5,20}",
        ),
        fields.PAGE_TOKEN,
        fields.VERIFY_TOKEN,
        fields.HUMAN_AGENT,
    )
    capabilities = Capabilities(
        text_limit=1000,
        text_unit="bytes",
        splits_text=True,
        has_receipts=True,
        carries_files=True,
        media={
            "image": MediaLimit(
                frozenset({"image/png", "image/jpeg", "image/gif"}), 8 * _MB
            ),
            "audio": MediaLimit(
                frozenset({"audio/aac", "audio/mp4", "audio/wav"}), 25 * _MB
            ),
            "video": MediaLimit(
                frozenset({"video/mp4", "video/quicktime", "video/webm"}), 25 * _MB
            ),
            "document": MediaLimit(frozenset({"application/pdf"}), 25 * _MB),
        },
        reply_window=timedelta(hours=24),
        human_window=timedelta(days=7),
        has_profiles=True,
        has_edits=True,
        has_unsend=True,
        identity_kind="instagram",
        is_scoped=True,
        marks_read=True,
    )

    def _name_of(self, file: OutboundFile) -> str:
        """Instagram refuses names that are not ASCII."""
        return file.name if file.name.isascii() else f"file{PurePath(file.name).suffix}"
