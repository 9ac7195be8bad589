"""What events of the Messenger Platform mean to the desk."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from conversations.adapters.events import (
    Accepted,
    Address,
    DeliveryUpdate,
    Echo,
    Edit,
    Happening,
    InboundMessage,
    Notice,
    Parsed,
    Person,
    Reaction,
    ReadUpTo,
    Unsend,
)
from conversations.adapters.failures import InvalidPayloadError, UnknownEventError
from conversations.adapters.meta_graph import payloads
from conversations.adapters.meta_graph.contents import contents_of, referral_of
from conversations.adapters.meta_graph.marker import marked
from conversations.choices import DeliveryState, FailureCode, ThreadEvent
from conversations.contents.circumstances import Origin

_YEAR_2200 = 7_258_118_400
_CONSOLE = {"", "0"}  # the entry of an event that somebody tries out in Meta's console


@dataclass(frozen=True)
class Reading:
    """Whose events they are: of which kind of identity, account and app."""

    kind: str
    account_id: str
    app_id: str
    has_marks: bool = True  # our own messages come back with a mark on them

    def read(self, stored: payloads.StoredEvent) -> Sequence[Parsed]:
        """Raises InvalidPayloadError, UnknownEventError."""
        event = stored.event
        if event is None:
            raise UnknownEventError(f"field {stored.field!r}")
        if stored.entry_id in _CONSOLE:
            raise UnknownEventError("a trial of Meta's console")
        if stored.entry_id != self.account_id:
            raise UnknownEventError(f"of {stored.entry_id}, which is not this inbox")
        parts = (self._of_message, self._of_receipt, self._of_happening)
        for part in parts:
            parsed = part(event, stored)
            if parsed is not None:
                return parsed
        raise UnknownEventError("nothing in it that we use")

    def person(self, event: payloads.Event, *, is_echo: bool = False) -> Person:
        found = event.recipient.id if is_echo else event.sender.id
        if not found and event.message is not None:
            raise InvalidPayloadError("a message of nobody: a sender without id")
        if not found:
            raise UnknownEventError("nobody of this account: a sender without id")
        return Person(Address(self.kind, found, self.account_id))

    # --- messages ---
    def _of_message(
        self, event: payloads.Event, stored: payloads.StoredEvent
    ) -> Sequence[Parsed] | None:
        if event.message_edit is not None:
            return [_edit(event.message_edit, event)]
        if event.reaction is not None:
            return [self._reaction(event, event.reaction)]
        message = event.message
        if message is None:
            return None
        if not message.mid:
            raise InvalidPayloadError("a message without mid")
        if message.is_deleted:
            return [Unsend(message.mid, at(event.timestamp))]
        if message.is_echo or self._is_ours(event):
            return self._echo(event, message)
        return [self._inbound(event, message, stored)]

    def _inbound(
        self,
        event: payloads.Event,
        message: payloads.Message,
        stored: payloads.StoredEvent,
    ) -> InboundMessage:
        found = contents_of(message, at(event.timestamp))
        return InboundMessage(
            sender=self.person(event),
            body=found.body,
            provider_message_id=message.mid,
            occurred_at=at(event.timestamp),
            content=found.content,
            media=found.media,
            quoted_id=message.reply_to.mid if message.reply_to else "",
            data=found.data | Origin(standby=stored.is_standby).as_data(),
        )

    def _echo(
        self, event: payloads.Event, message: payloads.Message
    ) -> Sequence[Parsed]:
        """Ours says that Meta has taken it; all others were written elsewhere."""
        ours = marked(message.metadata)
        if ours is not None:
            return [Accepted(*ours, message.mid)]
        is_own_app = bool(message.app_id) and message.app_id == self.app_id
        if is_own_app and not self.has_marks:
            return []
        found = contents_of(message, at(event.timestamp))
        return [
            Echo(
                recipient=self.person(event, is_echo=True),
                body=found.body,
                provider_message_id=message.mid,
                occurred_at=at(event.timestamp),
                content=found.content,
                media=found.media,
                data=found.data,
            )
        ]

    def _reaction(self, event: payloads.Event, reaction: payloads.Reaction) -> Reaction:
        emoji = "" if reaction.action == "unreact" else reaction.emoji or "❤"
        is_ours = self._is_ours(event)
        person, when = self.person(event, is_echo=is_ours), at(event.timestamp)
        return Reaction(person, reaction.mid, emoji, when, is_ours)

    def _is_ours(self, event: payloads.Event) -> bool:
        """The account itself has done it, in Meta's own inbox."""
        return event.sender.id == self.account_id

    # --- receipts ---
    def _of_receipt(
        self, event: payloads.Event, _stored: payloads.StoredEvent
    ) -> Sequence[Parsed] | None:
        when = at(event.timestamp)
        if event.delivery is not None:
            if not event.delivery.mids:
                return self._up_to(event, event.delivery.watermark, "delivered")
            state = DeliveryState.DELIVERED
            return [DeliveryUpdate(mid, state, when) for mid in event.delivery.mids]
        if event.read is None:
            return None
        parsed: list[Parsed] = []
        if event.read.mid:
            parsed.append(DeliveryUpdate(event.read.mid, DeliveryState.READ, when))
        return [*parsed, *self._up_to(event, event.read.watermark, "read")]

    def _up_to(
        self, event: payloads.Event, watermark: int, state: str
    ) -> Sequence[Parsed]:
        """Our clock may be behind Meta's: the event's own time is good enough."""
        until = at(max(watermark, event.timestamp))
        if until is None:
            raise InvalidPayloadError("a receipt without time")
        return [ReadUpTo(self.person(event), until, state)]

    # --- all else ---
    def _of_happening(
        self, event: payloads.Event, _stored: payloads.StoredEvent
    ) -> Sequence[Parsed] | None:
        if event.postback is not None:
            return [self._postback(event, event.postback)]
        if event.referral is not None:
            data = referral_of(event.referral).as_data()
            came = ThreadEvent.REFERRED
            return [Happening(self.person(event), came, at(event.timestamp), data)]
        if event.optin is not None:
            return [self._optin(event, event.optin)]
        if event.policy_enforcement is not None:
            policy = event.policy_enforcement
            is_trouble = policy.action != "unblock"
            return [Notice(FailureCode.PERMISSION, policy.reason, is_trouble)]
        return None

    def _postback(
        self, event: payloads.Event, postback: payloads.Postback
    ) -> Happening:
        data: dict[str, Any] = {
            "label": postback.title,
            "value": postback.payload,
        }
        if postback.referral is not None:
            data |= referral_of(postback.referral).as_data()
        return Happening(
            self.person(event),
            ThreadEvent.POSTBACK,
            at(event.timestamp),
            data,
            is_contact=True,
        )

    def _optin(self, event: payloads.Event, optin: payloads.Optin) -> Happening:
        """Of newsletters: answers to questions are not concerned."""
        is_out = optin.notification_messages_status == "STOP_NOTIFICATIONS"
        what = ThreadEvent.OPTED_OUT if is_out else ThreadEvent.OPTED_IN
        data = {"label": optin.title} if optin.title else {}
        return Happening(self.person(event), what, at(event.timestamp), data)


def _edit(edit: payloads.MessageEdit, event: payloads.Event) -> Edit:
    """Instagram tells of an edit without its text, of what was never edited besides."""
    if edit.text is None:
        raise UnknownEventError("an edit without its text")
    return Edit(edit.mid, edit.text, at(event.timestamp))


def at(timestamp: int) -> datetime | None:
    """Milliseconds; seconds where Meta's console makes them up. None for no time."""
    seconds = timestamp / 1000 if timestamp > _YEAR_2200 else float(timestamp)
    if not 0 < seconds < _YEAR_2200:
        return None
    return datetime.fromtimestamp(seconds, UTC)
