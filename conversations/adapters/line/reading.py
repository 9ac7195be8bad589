"""What LINE's events mean to the desk."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from conversations.adapters.events import (
    AccountLink,
    Address,
    Edit,
    Happening,
    InboundMessage,
    Media,
    Notice,
    Parsed,
    Person,
    Reachability,
    Unsend,
)
from conversations.adapters.failures import InvalidPayloadError, UnknownEventError
from conversations.adapters.line import payloads
from conversations.choices import (
    ClosedReason,
    FailureCode,
    MessageContent,
    ThreadEvent,
)
from conversations.contents.base import JsonFields
from conversations.contents.card import Location, Sticker
from conversations.contents.circumstances import Flaws, MediaFacts, Origin
from conversations.contents.speaker import Speaker

# A reply token works for a minute; ten seconds are for the way.
REPLY_TOKEN_LIFE = timedelta(seconds=50)
_CONTENTS = {
    payloads.Text: MessageContent.TEXT,
    payloads.Image: MessageContent.IMAGE,
    payloads.Video: MessageContent.VIDEO,
    payloads.Audio: MessageContent.AUDIO,
    payloads.File: MessageContent.FILE,
    payloads.Location: MessageContent.LOCATION,
    payloads.Sticker: MessageContent.STICKER,
}


def parsed(event: payloads.Event) -> Sequence[Parsed]:
    """Raises InvalidPayloadError, UnknownEventError."""
    return _READ[type(event)](event)


def person_of(event: payloads.Event) -> Person:
    """The user; or the group or room, which is kept apart from its members."""
    source = event.source
    if source is None or not source.place:
        raise InvalidPayloadError("the event does not say who it is of")
    return Person(Address("line", source.place))


def _message(event: payloads.MessageEvent) -> Sequence[Parsed]:
    content = event.message
    return [
        InboundMessage(
            sender=person_of(event),
            body=content.text if isinstance(content, payloads.Text) else "",
            provider_message_id=content.id,
            occurred_at=event.at,
            content=_CONTENTS.get(type(content), MessageContent.UNSUPPORTED),
            media=_media(content),
            quoted_id=content.quoted_message_id,
            reply_token=event.reply_token,
            reply_until=_until(event),
            data=_data(event, content),
            facts=_facts(event),
        )
    ]


def _until(event: payloads.Event) -> datetime:
    """From the event on, not from its arrival: one that comes late has no free reply."""
    return event.at + REPLY_TOKEN_LIFE


def _facts(event: payloads.Event) -> dict[str, Any]:
    """Whether it is a group or a room: those have no profile of a person."""
    source = event.source
    return {"place": source.type} if source is not None and source.is_shared else {}


def _data(event: payloads.MessageEvent, content: payloads.Content) -> dict[str, Any]:
    tokens = {
        "quote_token": content.quote_token,
        "mark_as_read_token": content.mark_as_read_token,
    }
    data: dict[str, Any] = {name: value for name, value in tokens.items() if value}
    source = event.source
    if source is not None and source.is_shared:
        data |= Speaker(source.user_id).as_data()
    data |= Origin(standby=event.mode == "standby").as_data()
    found = _content_of(content)
    return data | found.as_data() if found is not None else data


def _content_of(content: payloads.Content) -> JsonFields | None:
    """What it consists of beside its text and its file."""
    match content:
        case payloads.Text(mention=mention) if mention is not None:
            return Origin(mentioned=any(one.is_self for one in mention.mentionees))
        case payloads.Image(image_set=image_set) if image_set is not None:
            return MediaFacts(image_set=image_set.model_dump(exclude_none=True))
        case payloads.Video():  # and audio
            return MediaFacts(duration_ms=content.duration)
        case payloads.Location():
            place = (content.title, content.address)
            return Location(*place, content.latitude, content.longitude)
        case payloads.Sticker():
            return Sticker(content.text, content.keywords)
        case _ if type(content) is payloads.Content:
            return Flaws(kind=content.type[:40])
    return None


def _media(content: payloads.Content) -> Sequence[Media]:
    if isinstance(content, payloads.Image):
        return [Media("image", _source(content, content.content_provider))]
    if isinstance(content, payloads.Video):
        kind = "audio" if isinstance(content, payloads.Audio) else "video"
        source = _source(content, content.content_provider)
        return [Media(kind, {**source, "is_prepared": True})]
    if isinstance(content, payloads.File):
        size = None if content.file_size is None else max(0, content.file_size)
        name = content.file_name
        return [Media("document", {"message": content.id}, name=name, size=size)]
    if isinstance(content, payloads.Sticker) and content.sticker_id:
        return [Media("sticker", {"sticker": content.sticker_id})]
    return []


def _source(
    content: payloads.Content, provider: payloads.ContentProvider
) -> dict[str, Any]:
    if provider.type == "external" and provider.original_content_url:
        return {"url": provider.original_content_url}
    return {"message": content.id}


def _edited(event: payloads.MessageEditedEvent) -> Sequence[Parsed]:
    content = event.message
    if not isinstance(content, payloads.Text):
        raise UnknownEventError(f"an edit of a message of type {content.type!r}")
    return [Edit(content.id, content.text, event.at)]


def _unsent(event: payloads.UnsendEvent) -> Sequence[Parsed]:
    return [Unsend(event.unsend.message_id, event.at)]


def _line(event: payloads.Event, what: ThreadEvent, **data: Any) -> Happening:
    return Happening(
        person_of(event),
        what,
        event.at,
        data,
        reply_token=event.reply_token,
        reply_until=_until(event),
    )


def _followed(event: payloads.FollowEvent) -> Sequence[Parsed]:
    line = _line(event, ThreadEvent.FOLLOWED, unblocked=event.follow.is_unblocked)
    return [Reachability(person_of(event), True, "", event.at), line]


def _unfollowed(event: payloads.UnfollowEvent) -> Sequence[Parsed]:
    reason = ClosedReason.UNFOLLOWED
    return [
        Reachability(person_of(event), False, reason, event.at),
        _line(event, ThreadEvent.UNFOLLOWED),
    ]


def _joined(event: payloads.JoinEvent) -> Sequence[Parsed]:
    return [
        Reachability(person_of(event), True, "", event.at),
        _line(event, ThreadEvent.JOINED),
    ]


def _left(event: payloads.LeaveEvent) -> Sequence[Parsed]:
    reason = ClosedReason.UNREACHABLE
    return [
        Reachability(person_of(event), False, reason, event.at),
        _line(event, ThreadEvent.LEFT),
    ]


def _member_joined(event: payloads.MemberJoinedEvent) -> Sequence[Parsed]:
    members = [one.user_id for one in event.joined.members]
    return [_line(event, ThreadEvent.MEMBER_JOINED, members=members)]


def _member_left(event: payloads.MemberLeftEvent) -> Sequence[Parsed]:
    members = [one.user_id for one in event.left.members]
    return [_line(event, ThreadEvent.MEMBER_LEFT, members=members)]


def _postback(event: payloads.PostbackEvent) -> Sequence[Parsed]:
    """A button of a menu of the shop's: the customer wants something of us."""
    postback = event.postback
    return [
        Happening(
            person_of(event),
            ThreadEvent.POSTBACK,
            event.at,
            {"data": postback.data, "params": _set_params(postback.params)},
            is_contact=True,
            reply_token=event.reply_token,
            reply_until=_until(event),
        )
    ]


def _set_params(params: Mapping[str, str | None]) -> dict[str, str]:
    return {name: value for name, value in params.items() if value}


def _video_played(event: payloads.VideoPlayCompleteEvent) -> Sequence[Parsed]:
    video = event.video_play_complete.tracking_id
    return [_line(event, ThreadEvent.VIDEO_PLAYED, video=video)]


def _beacon(event: payloads.BeaconEvent) -> Sequence[Parsed]:
    beacon = event.beacon
    return [_line(event, ThreadEvent.BEACON, beacon=beacon.hwid, kind=beacon.type)]


def _linked(event: payloads.AccountLinkEvent) -> Sequence[Parsed]:
    is_ok = event.link.result == "ok"
    return [AccountLink(person_of(event), event.link.nonce, is_ok, event.at)]


def _membership(event: payloads.MembershipEvent) -> Sequence[Parsed]:
    one = event.membership
    line = _line(
        event, ThreadEvent.MEMBERSHIP, kind=one.type, membership=one.membership_id
    )
    return [line]


def _suspended(event: payloads.BotSuspendedEvent) -> Sequence[Parsed]:
    return [Notice(FailureCode.PERMISSION, "LINE has suspended the account")]


def _resumed(event: payloads.BotResumedEvent) -> Sequence[Parsed]:
    return [Notice(FailureCode.PERMISSION, is_trouble=False)]


_READ: dict[type[payloads.Event], Callable[[Any], Sequence[Parsed]]] = {
    payloads.MessageEvent: _message,
    payloads.MessageEditedEvent: _edited,
    payloads.UnsendEvent: _unsent,
    payloads.FollowEvent: _followed,
    payloads.UnfollowEvent: _unfollowed,
    payloads.JoinEvent: _joined,
    payloads.LeaveEvent: _left,
    payloads.MemberJoinedEvent: _member_joined,
    payloads.MemberLeftEvent: _member_left,
    payloads.PostbackEvent: _postback,
    payloads.VideoPlayCompleteEvent: _video_played,
    payloads.BeaconEvent: _beacon,
    payloads.AccountLinkEvent: _linked,
    payloads.MembershipEvent: _membership,
    payloads.BotSuspendedEvent: _suspended,
    payloads.BotResumedEvent: _resumed,
}
