"""The items of a thread: messages, notes, phone notes with their calls, system lines."""

from dataclasses import dataclass, field
from random import Random

from agentdesk.ops.demo.companies import Company, Member
from agentdesk.ops.demo.copying import NULL, Table, as_json, escape
from agentdesk.ops.demo.people import Person
from agentdesk.ops.demo.stamps import stamp
from agentdesk.ops.demo.texts import lines_of_call
from conversations.choices import CallOutcome, Channel, Direction
from conversations.models import Call, Message
from customers.choices import IdentityKind

_PREVIEW = 140
_INBOUND, _OUTBOUND = Direction.INBOUND.value, Direction.OUTBOUND.value
_PHONE = Channel.PHONE.value
CHANNEL_KINDS: dict[str, str] = {
    Channel.EMAIL: IdentityKind.EMAIL,
    Channel.LINE: Channel.LINE.value,
    Channel.INSTAGRAM: Channel.INSTAGRAM.value,
}
_NUMBERED = {Channel.EMAIL.value, Channel.LINE.value, Channel.INSTAGRAM.value}


@dataclass
class Thread:
    """A conversation while it is being written."""

    pk: int
    person: Person
    preview: str = ""
    last_channel: str = ""
    last_direction: str = ""
    last_author: int = 0
    is_unread: str = "f"
    last_at: int = 0
    first_at: int = 0
    free_from: int = 0  # the next story begins no earlier
    subjects: set[str] = field(default_factory=set)  # nobody asks the same thing twice
    last_heard_at: dict[str, int] = field(default_factory=dict)  # when last, by channel


@dataclass
class Story:
    """An inquiry while it is being told. `member` answers it."""

    pk: int
    thread: Thread
    channel: str
    member: Member
    outcome: str = CallOutcome.RESOLVED.value
    reason_id: int = 0
    reference: str = ""
    call: int = 0  # the last one
    messages: list[int] = field(default_factory=list)

    @property
    def company(self) -> Company:
        return self.thread.person.company


class Lines:
    def __init__(self, rng: Random) -> None:
        self._rng = rng
        self._call = 0
        self.count = 0
        self.messages = Table(
            Message,
            "id account_id conversation_id inquiry_id inbox_id identity_id channel "
            "kind direction author_id body event data provider_message_id state "
            "occurred_at created_at delivered_at read_at",
        )
        self.calls = Table(
            Call,
            "id account_id inbox_id conversation_id inquiry_id member_id "
            "direction from_number to_number state rang_at answered_at "
            "ended_at outcome reason_id message_id updated_at",
        )

    def customer_line(self, story: Story, body: str, at: int) -> int:
        """The customer writes."""
        pk = self._next(story)
        company, moment = story.company, stamp(at)
        number = f"demo-{pk}" if story.channel in _NUMBERED else NULL
        self.messages.rows.append(
            f"{pk}\t{company.pk}\t{story.thread.pk}\t{story.pk}\t"
            f"{_address(story)}\t{story.channel}\ttext\t{_INBOUND}\t"
            f"{NULL}\t{body}\t\t{{}}\t{number}\treceived\t{moment}\t{moment}\t"
            f"{NULL}\t{NULL}"
        )
        _remember(story.thread, body, story.channel, at)
        story.thread.last_direction, story.thread.last_author = _INBOUND, 0
        story.thread.last_heard_at[story.channel] = at
        return pk

    def answered(self, story: Story, body: str, at: int, *, is_read: bool) -> int:
        """The desk writes back."""
        pk = self._next(story)
        company, moment = story.company, stamp(at)
        state, read = "sent", NULL
        if story.channel != Channel.EMAIL:
            state, read = ("read", stamp(at + 25)) if is_read else ("delivered", NULL)
        delivered = stamp(at + 1) if state != "sent" else NULL
        self.messages.rows.append(
            f"{pk}\t{company.pk}\t{story.thread.pk}\t{story.pk}\t"
            f"{_address(story)}\t{story.channel}\ttext\t{_OUTBOUND}\t"
            f"{story.member.pk}\t{body}\t\t{{}}\t{NULL}\t{state}\t{moment}\t{moment}\t"
            f"{delivered}\t{read}"
        )
        _remember(story.thread, body, story.channel, at)
        story.thread.last_direction = _OUTBOUND
        story.thread.last_author = story.member.pk
        return pk

    def noted(self, story: Story, member: Member, body: str, at: int) -> int:
        return self._internal(story, member, "note", body, "", "{}", at)

    def recorded(
        self, story: Story, member: Member | None, event: str, data: str, at: int
    ) -> int:
        """A system line; `data` is JSON."""
        return self._internal(story, member, "system", "", event, data, at)

    def _internal(
        self,
        story: Story,
        member: Member | None,
        kind: str,
        body: str,
        event: str,
        data: str,
        at: int,
    ) -> int:
        pk = self._next(story)
        moment = stamp(at)
        self.messages.rows.append(
            f"{pk}\t{story.company.pk}\t{story.thread.pk}\t{story.pk}\t{NULL}\t{NULL}\t\t{kind}\t"
            f"internal\t{member.pk if member else NULL}\t{body}\t{event}\t{data}\t{NULL}\t"
            f"received\t{moment}\t{moment}\t{NULL}\t{NULL}"
        )
        return pk

    def called(self, story: Story, body: str, ended: int, *, is_outgoing: bool) -> int:
        """A call with its note; it ended then."""
        pk = self._next(story)
        company, moment = story.company, stamp(ended)
        talked = 70 + int(self._rng.random() * 420)
        answered = ended - talked
        rang = answered - 4 - int(self._rng.random() * 20)
        desk, customer = company.words["phone"], story.thread.person.phone
        direction = _OUTBOUND if is_outgoing else _INBOUND
        caller, called = (desk, customer) if is_outgoing else (customer, desk)
        lines = lines_of_call(body)
        data = as_json(
            lines.as_data()
            | {
                "direction": direction,
                "from": caller,
                "to": called,
                "started_at": stamp(rang).replace(" ", "T") + ":00",
                "talk_seconds": talked,
                "held_seconds": 0,
                "outcome": story.outcome,
            }
        )
        inbox, thread = company.inboxes[_PHONE], story.thread
        self.messages.rows.append(
            f"{pk}\t{company.pk}\t{thread.pk}\t{story.pk}\t{inbox}\t{NULL}\t{_PHONE}\t"
            f"phone_note\t"
            f"internal\t{story.member.pk}\t{escape(lines.text)}\t\t{data}\t{NULL}\treceived\t{moment}\t"
            f"{moment}\t{NULL}\t{NULL}"
        )
        self._call += 1
        self.calls.rows.append(
            f"{self._call}\t{company.pk}\t{inbox}\t{thread.pk}\t{story.pk}\t"
            f"{story.member.pk}\t{direction}\t{caller}\t{called}\tfinished\t{stamp(rang)}\t"
            f"{stamp(answered)}\t{moment}\t{story.outcome}\t{story.reason_id}\t{pk}\t"
            f"{moment}"
        )
        story.call = self._call
        _remember(thread, lines.heading, _PHONE, ended)
        thread.last_direction, thread.last_author = "internal", story.member.pk
        return pk

    def _next(self, story: Story) -> int:
        self.count += 1
        story.messages.append(self.count)
        return self.count


def _address(story: Story) -> str:
    """Inbox and identity of a message, as two columns."""
    person = story.thread.person
    identity = person.identities.get(CHANNEL_KINDS.get(story.channel, ""), NULL)
    return f"{story.company.inboxes[story.channel]}\t{identity}"


def _remember(thread: Thread, body: str, channel: str, at: int) -> None:
    thread.preview = body.replace("\\n", " ")[:_PREVIEW]
    thread.last_channel, thread.last_at = channel, at
    thread.first_at = thread.first_at or at
