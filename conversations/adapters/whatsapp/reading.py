"""What WhatsApp's events mean to the desk."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from conversations.adapters.events import (
    Accepted,
    Address,
    AddressChange,
    DeliveryUpdate,
    Echo,
    Edit,
    Happening,
    InboundMessage,
    Notice,
    Parsed,
    Person,
    Reaction,
    Unsend,
)
from conversations.adapters.failures import InvalidPayloadError, UnknownEventError
from conversations.adapters.meta_graph.errors import meaning_of
from conversations.adapters.meta_graph.marker import marked
from conversations.adapters.whatsapp import payloads
from conversations.adapters.whatsapp.account import account_event
from conversations.adapters.whatsapp.contents import contents_of
from conversations.choices import (
    DeliveryState,
    FailureCode,
    MessageContent,
    ThreadEvent,
)
from conversations.contents.circumstances import Origin
from conversations.contents.speaker import Speaker

_STATES = {
    "sent": DeliveryState.SENT,
    "delivered": DeliveryState.DELIVERED,
    "read": DeliveryState.READ,
    "played": DeliveryState.READ,
    "failed": DeliveryState.FAILED,
}
_CHANGED = {
    "user_changed_number",
    "user_changed_user_id",
    "customer_changed_number",  # as it was called before 2025
}
_YEAR_2200 = 7_258_118_400
_CONSOLE = {"", "0"}  # the entry of an event that somebody tries out in Meta's console


def read(stored: payloads.StoredEvent, number_id: str) -> Sequence[Parsed]:
    """Raises InvalidPayloadError, UnknownEventError."""
    if stored.entry_id in _CONSOLE:
        raise UnknownEventError("a trial of Meta's console")
    phone_number_id = stored.metadata.phone_number_id
    if phone_number_id and phone_number_id != number_id:
        raise UnknownEventError(f"of number {phone_number_id}, which is not this inbox")
    if stored.message is not None:
        return _message(stored.message, stored)
    if stored.echo is not None:
        return _echo(stored.echo, stored)
    if stored.status is not None:
        return _status(stored.status)
    if stored.preference is not None:
        return _preference(stored.preference, stored)
    if stored.problem is not None:
        meaning = meaning_of(stored.problem.code)
        if not meaning.is_permanent:
            raise UnknownEventError(f"error {stored.problem.code}, which passes")
        return [Notice(meaning.code, detail_of(stored.problem))]
    value = {name: one for name, one in (stored.value or {}).items() if one is not None}
    return account_event(stored.field, value)


def person_of(number: str, user_id: str, contact: payloads.Contact | None) -> Person:
    """The BSUID names a person for good; the number besides, where it is payloads."""
    number = number or (contact.wa_id if contact else "")
    user_id = user_id or (contact.user_id if contact else "")
    addresses = []
    if user_id:
        addresses.append(Address("whatsapp", user_id))
    if number:
        addresses.append(Address("whatsapp", f"+{number}"))
        addresses.append(Address("phone", f"+{number}"))
    if not addresses:
        raise InvalidPayloadError("neither number nor user id")
    profile = contact.profile if contact else payloads.Profile()
    return Person(addresses[0], profile.name or profile.username, tuple(addresses[1:]))


def _person(message: payloads.Message, stored: payloads.StoredEvent) -> Person:
    """A group is kept apart from its members: what is said to all is not answered to one."""
    if message.group_id:
        return Person(Address("whatsapp", message.group_id))
    return person_of(message.sender, message.from_user_id, stored.contact)


def _message(
    message: payloads.Message, stored: payloads.StoredEvent
) -> Sequence[Parsed]:
    when = at(message.timestamp)
    if not message.id:
        raise InvalidPayloadError("a message without id")
    if message.type == "system":
        return [_system(message)]
    if message.reaction is not None:
        one = message.reaction
        return [Reaction(_person(message, stored), one.message_id, one.emoji, when)]
    if message.revoke is not None:
        return [Unsend(message.revoke.original_message_id, when)]
    if message.edit is not None:
        return [_edit(message.edit, when)]
    if message.type == "request_welcome":
        raise UnknownEventError("the chat was opened, nothing written")
    found = contents_of(message)
    person = _person(message, stored)
    return [
        InboundMessage(
            sender=person,
            body=found.body,
            provider_message_id=message.id,
            occurred_at=when,
            content=found.content,
            media=found.media,
            quoted_id=message.context.id if message.context else "",
            data={**found.data, **_around(message, stored)},
            facts=_facts(person, message),
        )
    ]


def _around(message: payloads.Message, stored: payloads.StoredEvent) -> dict[str, Any]:
    """`standby`: another app, or an agent of Meta's, holds the conversation."""
    data: dict[str, Any] = {"read_id": message.id}
    if message.group_id:
        member = person_of(message.sender, message.from_user_id, stored.contact)
        data |= Speaker(member.address.value, member.name).as_data()
    return data | Origin(standby=stored.field == "standby").as_data()


def _facts(person: Person, message: payloads.Message) -> dict[str, str]:
    """What a reply is addressed with: the number is the surer way, where it is known."""
    if message.group_id:
        return {"place": "group"}
    numbers = [
        one.value for one in (person.address, *person.also) if one.value[0] == "+"
    ]
    return {"number": numbers[0] if numbers else ""}


def _edit(edit: payloads.Edit, when: datetime | None) -> Edit:
    found = contents_of(edit.message or payloads.Message(id="edit"))
    if found.content == MessageContent.UNSUPPORTED:
        raise UnknownEventError("an edit without its text")
    return Edit(edit.original_message_id, found.body, when)


def _system(message: payloads.Message) -> AddressChange:
    system = message.system or payloads.System()
    if system.type not in _CHANGED:
        raise UnknownEventError(f"system {system.type!r}")
    contact = payloads.Contact(
        wa_id=system.wa_id or system.new_wa_id, user_id=system.user_id
    )
    before = person_of(
        message.sender, system.previous_user_id or message.from_user_id, None
    )
    after = person_of("", "", contact)
    return AddressChange(before.address, after, at(message.timestamp), before.also)


def _echo(message: payloads.Message, stored: payloads.StoredEvent) -> Sequence[Parsed]:
    """Written in the WhatsApp Business app, on the same number."""
    when = at(message.timestamp)
    if not message.id:
        raise InvalidPayloadError("a message without id")
    if message.revoke is not None:
        return [Unsend(message.revoke.original_message_id, when)]
    if message.edit is not None:
        return [_edit(message.edit, when)]
    if message.reaction is not None:
        one, person = message.reaction, _recipient(message, stored)
        return [Reaction(person, one.message_id, one.emoji, when, is_ours=True)]
    found = contents_of(message)
    return [
        Echo(
            recipient=_recipient(message, stored),
            body=found.body,
            provider_message_id=message.id,
            occurred_at=when,
            content=found.content,
            media=found.media,
            data=found.data,
        )
    ]


def _recipient(message: payloads.Message, stored: payloads.StoredEvent) -> Person:
    if message.group_id:
        return Person(Address("whatsapp", message.group_id))
    return person_of(message.to, message.to_user_id, stored.contact)


def _status(status: payloads.Status) -> Sequence[Parsed]:
    state = _STATES.get(status.status)
    if state is None:
        raise UnknownEventError(f"status {status.status!r}")
    code = detail = ""
    if state == DeliveryState.FAILED:
        problem = status.errors[0] if status.errors else payloads.Problem()
        code = meaning_of(problem.code).code if problem.code else FailureCode.REFUSED
        detail = detail_of(problem)
    update = DeliveryUpdate(status.id, state, at(status.timestamp), code, detail)
    ours = marked(status.biz_opaque_callback_data)
    return [Accepted(*ours, status.id), update] if ours else [update]


def detail_of(problem: payloads.Problem) -> str:
    more = problem.error_data.get("details", "")
    return f"#{problem.code} {more or problem.message or problem.title}"[:300]


def _preference(
    preference: payloads.Preference, stored: payloads.StoredEvent
) -> Sequence[Parsed]:
    """Of newsletters: answers to questions are not concerned."""
    person = person_of(preference.wa_id, preference.user_id, stored.contact)
    is_out = preference.value == "stop"
    what = ThreadEvent.OPTED_OUT if is_out else ThreadEvent.OPTED_IN
    return [Happening(person, what, at(preference.timestamp))]


def at(timestamp: int) -> datetime | None:
    """Seconds. None for no time."""
    if not 0 < timestamp < _YEAR_2200:
        return None
    return datetime.fromtimestamp(timestamp, UTC)
