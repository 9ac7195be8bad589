"""What Telegram's updates mean to the desk."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from conversations.adapters.events import (
    Address,
    Edit,
    Happening,
    InboundMessage,
    Parsed,
    Person,
    Reachability,
)
from conversations.adapters.failures import InvalidPayloadError, UnknownEventError
from conversations.adapters.telegram import payloads
from conversations.adapters.telegram.contents import contents_of
from conversations.choices import ClosedReason, MessageContent, ThreadEvent

# What the app sends by itself when somebody presses START, or comes by a link.
_START = re.compile(r"/start(?: (\S{1,64}))?")
_YEAR_2200 = 7_258_118_400


def parse_update(update: payloads.Update) -> Sequence[Parsed]:
    """Raises InvalidPayloadError, UnknownEventError."""
    if update.message is not None:
        return _message(update.message)
    if update.edited_message is not None:
        return [_edit(update.edited_message)]
    if update.my_chat_member is not None:
        return _member(update.my_chat_member)
    raise UnknownEventError("an update of another kind")


def message_id_of(chat: int | str, message_id: int) -> str:
    """Unique among all chats of the bot, as Telegram's own number is not."""
    return f"{chat}:{message_id}"


def number_in_chat(provider_message_id: str) -> int | None:
    """Telegram's own number of a message; None for what is none of Telegram's."""
    number = provider_message_id.rpartition(":")[2]
    return int(number) if number.isascii() and number.isdecimal() else None


def _message(message: payloads.Message) -> Sequence[Parsed]:
    person = _person(message)
    when = _at(message.date)
    start = _START.fullmatch(message.text)
    if start:
        return [Reachability(person, True, "", when), _started(person, start[1], when)]
    found = contents_of(message)
    replied = message.reply_to_message
    return [
        InboundMessage(
            sender=person,
            body=found.body,
            provider_message_id=message_id_of(message.chat.id, message.message_id),
            occurred_at=when,
            content=found.content,
            media=found.media,
            quoted_id=message_id_of(message.chat.id, replied.message_id)
            if replied
            else "",
            data=found.data,
        )
    ]


def _started(person: Person, source: str | None, when: datetime | None) -> Happening:
    """A link may carry a word of the shop's: t.me/bot?start=word."""
    if source:
        data: dict[str, Any] = {"referral": {"source": "START", "ref": source}}
        return Happening(person, ThreadEvent.REFERRED, when, data, is_contact=True)
    data = {"data": "START"}
    return Happening(person, ThreadEvent.POSTBACK, when, data, is_contact=True)


def _edit(message: payloads.Message) -> Edit:
    _person(message)
    found = contents_of(message)
    if found.content in {MessageContent.LOCATION, MessageContent.UNSUPPORTED}:
        raise UnknownEventError("an edit without words, as of a place that moves")
    changed = message_id_of(message.chat.id, message.message_id)
    return Edit(changed, found.body, _at(message.edit_date))


def _member(update: payloads.MemberUpdate) -> Sequence[Parsed]:
    person = Person(_address(update.chat))
    when = _at(update.date)
    status = update.new_chat_member.status
    if status == "kicked":
        return [
            Reachability(person, False, ClosedReason.UNFOLLOWED, when),
            Happening(person, ThreadEvent.UNFOLLOWED, when),
        ]
    if status == "member":
        # The first time it comes with /start, which says the same in the thread.
        return [Reachability(person, True, "", when)]
    raise UnknownEventError(f"status {status!r}")


def _person(message: payloads.Message) -> Person:
    address = _address(message.chat)
    sender = message.sender
    if sender is None:
        raise InvalidPayloadError("a message of nobody")
    if sender.is_bot:
        raise UnknownEventError("a message of a bot")
    return Person(address, sender.name)


def _address(chat: payloads.Chat) -> Address:
    """A private chat has its person's number; it is the same for every bot."""
    if chat.type != "private":
        raise UnknownEventError(f"of a {chat.type}: only private chats are taken up")
    return Address("telegram", str(chat.id))


def _at(timestamp: int) -> datetime | None:
    if not 0 < timestamp < _YEAR_2200:
        return None
    return datetime.fromtimestamp(timestamp, UTC)
