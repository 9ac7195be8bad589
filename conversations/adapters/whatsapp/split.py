"""Taking a webhook of WhatsApp apart: one event a message, status or change."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from conversations.adapters.masking import json_event
from conversations.adapters.meta_graph import door
from conversations.adapters.raw import RawEvent

# What stands in a change, by our name for one of it.
_LISTS = {
    "messages": "message",
    "message_echoes": "echo",
    "statuses": "status",
    "user_preferences": "preference",
    "errors": "problem",
}
_CHANGES = frozenset({"reaction", "edit", "revoke"})
# Where an id of the customer may stand.
_PEOPLE = (
    "from",
    "from_user_id",
    "to",
    "to_user_id",
    "wa_id",
    "user_id",
    "recipient_id",
    "recipient_user_id",
)


def split(body: bytes) -> Sequence[RawEvent]:
    """Raises InvalidPayloadError."""
    events: list[RawEvent] = []
    for entry in door.entries(body, of="whatsapp_business_account"):
        for change in door.listed(entry, "changes") or [entry]:
            events += _events_of(change, entry)
    return events


def _events_of(change: Any, entry: Mapping[str, Any]) -> Sequence[RawEvent]:
    change = change if isinstance(change, dict) else {}
    value = change.get("value")
    if not isinstance(value, dict):
        odd = {"entry_id": entry.get("id", ""), "odd": change}
        return [json_event(door.digest_of(odd), odd)]
    around = {
        "entry_id": entry.get("id", ""),
        "field": change.get("field", ""),
        "metadata": value.get("metadata") or {},
    }
    return list(_parts(value, around)) or [_whole(value, around, entry.get("time", 0))]


def _parts(value: Mapping[str, Any], around: Mapping[str, Any]) -> Iterator[RawEvent]:
    contacts = [
        one for one in door.listed(value, "contacts") if isinstance(one, Mapping)
    ]
    for name, what in _LISTS.items():
        for one in door.listed(value, name):
            stored = {**around, "contact": _contact(one, contacts), what: one}
            yield json_event(
                _id(what, one),
                stored,
                account=_account(around),
                is_message=what == "message" and not _is_about_another(one),
            )


def _is_about_another(message: Any) -> bool:
    """A reaction, a change or a taking back of a message that was sent before."""
    return isinstance(message, dict) and not _CHANGES.isdisjoint(message)


def _contact(one: Any, contacts: Sequence[Mapping[str, Any]]) -> Any:
    """Who it is of: without them a message has neither name nor BSUID."""
    if not isinstance(one, dict):
        return None
    theirs = {str(one[name]) for name in _PEOPLE if one.get(name)}
    for contact in contacts:
        if theirs & {str(contact.get("wa_id", "")), str(contact.get("user_id", ""))}:
            return contact
    return contacts[0] if len(contacts) == 1 else None


def _id(what: str, one: Any) -> str:
    """A message's own id; a status comes once for each step of one message."""
    own_id = one.get("id") if isinstance(one, dict) else None
    if not isinstance(own_id, str) or not own_id:
        return door.digest_of(one)
    if what == "status":
        return f"{own_id}:{one.get('status', '')}:{one.get('timestamp', '')}"
    return own_id


def _whole(
    value: Mapping[str, Any], around: Mapping[str, Any], time: object
) -> RawEvent:
    stored = {**around, "value": value, "time": time}
    return json_event(door.digest_of(stored), stored, account=_account(around))


def _account(around: Mapping[str, Any]) -> object:
    """The number it is of; what is about the account as a whole stays where it came."""
    metadata = around["metadata"]
    return metadata.get("phone_number_id") if isinstance(metadata, dict) else ""
