"""What a message of the Messenger Platform carries besides its text."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from conversations.adapters.events import Media
from conversations.adapters.meta_graph import payloads
from conversations.choices import MessageContent as Is
from conversations.contents.card import Choice, Location, Share
from conversations.contents.circumstances import Flaws, Referral
from conversations.contents.story import StoryFacts

# A story is gone after a day, and its address with it.
STORY_LIFE = timedelta(hours=24)
_MEDIA = {
    "image": (Is.IMAGE, "image"),
    "animated_image": (Is.IMAGE, "image"),
    "sticker": (Is.STICKER, "sticker"),
    "audio": (Is.AUDIO, "audio"),
    "video": (Is.VIDEO, "video"),
    "file": (Is.FILE, "document"),
}
_SHARES = frozenset(
    {"share", "post", "ig_post", "reel", "ig_reel", "fallback", "media_share", "link"}
)


@dataclass
class Contents:
    body: str
    content: str = Is.TEXT
    media: list[Media] = field(default_factory=list)
    data: dict[str, Any] = field(default_factory=dict)

    def be(self, content: str) -> None:
        """The first thing that is no text names the message."""
        if self.content == Is.TEXT:
            self.content = content


def contents_of(message: payloads.Message, at: datetime | None) -> Contents:
    found = Contents(message.text or "")
    story = message.reply_to.story if message.reply_to else None
    if story is not None:
        _put_story(found, story.url, at, is_reply=True)
    if message.quick_reply is not None:
        found.be(Is.CHOICE)
        choice = Choice(label=found.body, value=message.quick_reply.payload)
        found.data |= choice.as_data()
    for attachment in message.attachments:
        _put(found, attachment, at)
    if message.referral is not None:
        found.data |= referral_of(message.referral).as_data()
    if message.is_unsupported or not _is_anything(found):
        found.content = Is.UNSUPPORTED
        kinds = [one.type for one in message.attachments if one.type]
        found.data.setdefault("kind", " ・ ".join(kinds)[:80])
    return found


def _is_anything(found: Contents) -> bool:
    """A template shows nothing but its text."""
    is_shown = found.content not in {Is.TEXT, Is.TEMPLATE, Is.UNSUPPORTED}
    return bool(found.body or found.media or is_shown)


def _put(found: Contents, one: payloads.Attachment, at: datetime | None) -> None:
    payload = one.payload or payloads.AttachmentPayload()
    url = payload.url or one.url or one.URL or ""
    title = payload.title or one.title or ""
    if one.type == "story_mention":
        _put_story(found, url, at, is_reply=False)
    elif one.type in _MEDIA and url:
        content, kind = _MEDIA[one.type]
        if payload.sticker_id:
            content, kind = Is.STICKER, "sticker"
        found.be(content)
        found.media.append(Media(kind, {"url": url}))
    elif one.type == "location" and payload.coordinates is not None:
        found.be(Is.LOCATION)
        point = payload.coordinates
        place = Location(title, latitude=point.lat, longitude=point.long)
        found.data |= place.as_data()
    elif one.type in _SHARES:
        found.be(Is.SHARE)
        found.data |= Share(url, title).as_data()
    elif one.type == "template" and payload.product.elements:
        titles = [each.title for each in payload.product.elements if each.title]
        found.be(Is.SHARE)
        found.data |= Share(url, " ・ ".join(titles)[:500]).as_data()
    elif one.type == "template":
        found.be(Is.SHARE if url else Is.TEMPLATE)
        found.body = found.body or payload.text or title
    else:
        found.be(Is.UNSUPPORTED)
        found.data |= Flaws(kind=one.type[:80]).as_data()


def _put_story(
    found: Contents, url: str, at: datetime | None, *, is_reply: bool
) -> None:
    """Its address alone: Meta forbids keeping what a story shows."""
    found.be(Is.STORY)
    ends = (at + STORY_LIFE).isoformat() if at else ""
    found.data |= StoryFacts(url, is_reply, ends).as_data()


def referral_of(referral: payloads.Referral) -> Referral:
    """Where somebody came from: an advertisement, a link, a product."""
    context = referral.ads_context_data
    return Referral(
        source=referral.source[:500],
        ref=referral.ref[:500],
        ad_id=referral.ad_id[:500],
        title=str(context.get("ad_title") or "")[:500],
        product_id=str(referral.product.get("id") or "")[:500],
    )
