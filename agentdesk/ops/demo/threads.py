"""Conversations: the inquiries of a customer, told one after the other."""

from collections.abc import Sequence
from random import Random

from agentdesk.ops.demo.companies import Member, Shop
from agentdesk.ops.demo.copying import NULL, Table, as_json, escape
from agentdesk.ops.demo.history import History
from agentdesk.ops.demo.lines import CHANNEL_KINDS, Lines, Story, Thread
from agentdesk.ops.demo.people import People, Person
from agentdesk.ops.demo.purchases import Bought
from agentdesk.ops.demo.references import reference
from agentdesk.ops.demo.stamps import DAY, japanese_midnight, spoken_day, stamp
from agentdesk.ops.demo.texts import Line, Scene
from conversations.choices import Channel
from conversations.models import Conversation, Inquiry, Reach, Visitor
from customers.choices import IdentityKind

HOUR = 3600
_CHATS = [Channel.WEBCHAT.value] * 11 + [Channel.LINE.value] * 7
_CHATS += [Channel.INSTAGRAM.value] * 2
_REACHED = {Channel.LINE.value, Channel.INSTAGRAM.value}
_ACTIVE = '{"status": "active"}'
_UNKNOWN = Bought(0, "", "", "", Shop(0, "", ""), 0, 0, 0, 0, 0, "", "")
_GAP = {"chat": (40, 260), "mail": (2 * HOUR, 26 * HOUR), "phone": (300, 900)}


class Threads:
    """Tells stories into conversations, with their rows and their visitors'."""

    def __init__(
        self, rng: Random, now: int, people: People, lines: Lines, history: History
    ) -> None:
        self._rng = rng
        self._history = history
        self._now = now
        self._people = people
        self.lines = lines
        self._thread = self._story = self._visitor = self._reach = 0
        self.reaches = Table(
            Reach,
            "id account_id inbox_id identity_id name last_heard_at profile_at",
        )
        self.conversations = Table(
            Conversation,
            "id account_id customer_id preview last_channel last_message_at created_at "
            "last_direction last_author_id is_unread",
        )
        self.inquiries = Table(
            Inquiry,
            "id account_id conversation_id reference queue_id owner_id "
            "status channel subject reason_id summary opened_at closed_at "
            "snoozed_until waiting_since last_activity_at",
        )
        self.visitors = Table(
            Visitor,
            "id account_id inbox_id key customer_id page_url page_title "
            "stated last_seen_at created_at",
        )

    def begin(self, person: Person) -> Thread:
        self._thread += 1
        return Thread(self._thread, person)

    def forget(self, thread: Thread) -> None:
        """The customer has written nothing: no conversation, its number is free."""
        self._thread = thread.pk - 1

    def end(self, thread: Thread) -> None:
        company = thread.person.company
        self.conversations.rows.append(
            f"{thread.pk}\t{company.pk}\t{thread.person.pk}\t{thread.preview}\t"
            f"{thread.last_channel}\t{stamp(thread.last_at)}\t{stamp(thread.first_at)}\t"
            f"{thread.last_direction}\t{thread.last_author or NULL}\t"
            f"{thread.is_unread}"
        )
        if thread.person.web_key:
            self._write_visitor(thread.person)
        for channel in _REACHED & thread.last_heard_at.keys():
            self._write_reach(thread, channel)

    def _write_reach(self, thread: Thread, channel: str) -> None:
        person = thread.person
        self._reach += 1
        self.reaches.rows.append(
            f"{self._reach}\t{person.company.pk}\t{person.company.inboxes[channel]}\t"
            f"{person.identities[CHANNEL_KINDS[channel]]}\t{person.full_name}\t"
            f"{stamp(thread.last_heard_at[channel])}\t{stamp(thread.last_heard_at[channel])}"
        )

    def add_inquiry(
        self, thread: Thread, scene: Scene, bought: Bought | None, start: int
    ) -> Story | None:
        """One story from its opening to its close; None where now comes before its end."""
        times = self.times(scene.voice, scene.lines, start)
        closed = times[-1] + 120 + int(self._rng.random() * 600)
        if closed > self._now - HOUR or scene.subject in thread.subjects:
            return None
        thread.subjects.add(scene.subject)
        story = self.new_story(thread, scene)
        words = self.words(story, scene, bought, start)
        self.play(story, scene.lines, times, words, start)
        reason = scene.reason.split("/")[1]
        after = f'{{"status": "done", "reason": "{reason}"}}'
        self._record(story, story.member, "closed", _ACTIVE, after, closed)
        summary = scene.summary.format_map(words)
        self.write_inquiry(
            story,
            scene,
            f"{story.member.pk}\tdone",
            summary,
            start,
            f"{stamp(closed)}\t{NULL}\t{NULL}\t{stamp(closed)}",
        )
        thread.free_from = closed + 4 * DAY
        return story

    def new_story(self, thread: Thread, scene: Scene) -> Story:
        rng, company = self._rng, thread.person.company
        channel = Channel.PHONE.value
        if scene.voice == "chat":
            channel = _CHATS[int(rng.random() * len(_CHATS))]
        elif scene.voice == "mail":
            channel = Channel.EMAIL.value
        self._story += 1
        team = company.agents if rng.random() < 0.9 else company.supervisors
        story = Story(self._story, thread, channel, team[int(rng.random() * len(team))])
        story.reason_id = company.reasons[scene.reason]
        story.reference = reference(story.pk)
        return story

    def times(self, voice: str, lines: Sequence[Line], start: int) -> list[int]:
        """When each line is said; calls take their time, mails keep working hours."""
        low, high = _GAP[voice]
        at, times = start, []
        for speaker, _variants in lines:
            if speaker in "po":
                at += 600
            times.append(at)
            at += low + int(self._rng.random() * (high - low))
            if voice == "mail":
                at = _working_hour(at)
        return times

    def words(
        self, story: Story, scene: Scene, bought: Bought | None, start: int
    ) -> dict[str, object]:
        """What the placeholders of a scene stand for."""
        rng, person, company = self._rng, story.thread.person, story.company
        if bought:
            item = bought.item
        else:
            fitting = company.fitting[scene.subject]
            item = fitting[int(rng.random() * len(fitting))].name
        known = bought or _UNKNOWN
        store = company.stores[int(rng.random() * len(company.stores))].name
        if bought and bought.shop is not company.ec:
            store = bought.shop.name
        due = max(known.delivered, start + DAY)
        return {
            "name": person.family.text,
            "full": person.full_name,
            "product": item,
            "number": known.number,
            "store": store,
            "agent": story.member.family_name,
            "placed": spoken_day(known.placed),
            "due": spoken_day(due),
            "carrier": known.carrier,
            "tracking": known.tracking,
            "amount": f"{known.total:,}円",
            "shop": company.words["name"],
            "city": person.city,
        }

    def play(
        self,
        story: Story,
        lines: Sequence[Line],
        times: Sequence[int],
        words: dict[str, object],
        opened: int,
    ) -> None:
        """Write the lines, with the system lines of the opening and the first answer."""
        self.know(story, times[-1])
        write, variant = self.lines, int(self._rng.random() * 6)
        is_answered = False
        channel = f'{{"channel": "{story.channel}"}}'
        self._record(story, None, "opened", "{}", channel, opened)
        for position, ((speaker, variants), at) in enumerate(
            zip(lines, times, strict=False)
        ):
            body = variants[variant % len(variants)].format_map(words)
            if speaker != "c" and not is_answered:
                is_answered = True
                self.assigned(story, at - 20)
            if speaker == "c":
                write.customer_line(story, body, at)
            elif speaker == "a":
                is_read = position + 1 < len(lines) or at < self._now - HOUR
                write.answered(story, body, at, is_read=is_read)
            elif speaker == "n":
                write.noted(story, story.member, body, at)
            else:
                write.called(story, body, at, is_outgoing=speaker == "o")

    def assigned(self, story: Story, at: int) -> None:
        after = f'{{"owner": "{story.member.name}"}}'
        self._record(story, story.member, "assigned", '{"owner": null}', after, at)

    def _record(
        self,
        story: Story,
        member: Member | None,
        event: str,
        before: str,
        after: str,
        at: int,
    ) -> None:
        """The system line and the audit entry of what was done to the inquiry."""
        shown = "{}" if event == "opened" else after
        data = f'{{"before": {before}, "after": {shown}}}'
        self.lines.recorded(story, member, event, data, at)
        self._history.note(story, f"inquiry.{event}", member, before, after, at)

    def write_inquiry(
        self,
        story: Story,
        scene: Scene,
        owner_and_status: str,
        summary: str,
        opened: int,
        times: str,
    ) -> None:
        """`times` are closed, snoozed until, waiting since, last activity."""
        company = story.company
        reason = story.reason_id or NULL
        self.inquiries.rows.append(
            f"{story.pk}\t{company.pk}\t{story.thread.pk}\t{story.reference}\t"
            f"{company.queue_id}\t{owner_and_status}\t{story.channel}\t{scene.subject}\t"
            f"{reason}\t{summary}\t{stamp(opened)}\t{times}"
        )

    def know(self, story: Story, at: int) -> None:
        """The identity that the channel brings with it."""
        person = story.thread.person
        if story.channel == Channel.LINE:
            if Channel.LINE.value not in person.identities:
                user = f"U{self._rng.getrandbits(128):032x}"
                self._people.add(person, Channel.LINE.value, user)
        elif story.channel == Channel.INSTAGRAM:
            if Channel.INSTAGRAM.value not in person.identities:
                user = f"1{self._rng.getrandbits(50):016d}"
                scope = person.company.instagram_account
                self._people.add(person, Channel.INSTAGRAM.value, user, scope=scope)
        elif story.channel == Channel.EMAIL:
            self._people.add(person, IdentityKind.EMAIL, person.email, person.email)
        elif story.channel == Channel.WEBCHAT:
            if not person.web_key:
                self._visit(person, at)
            person.seen_at = at

    def _visit(self, person: Person, at: int) -> None:
        bits = f"{self._rng.getrandbits(128):032x}"
        person.web_key = (
            f"{bits[:8]}-{bits[8:12]}-4{bits[13:16]}-8{bits[17:20]}-{bits[20:]}"
        )
        person.came_at = at
        self._people.add(
            person, IdentityKind.WEB, person.web_key, scope=person.company.webchat_key
        )

    def _write_visitor(self, person: Person) -> None:
        company = person.company
        self._visitor += 1
        pages = company.words["pages"]
        url, title = pages[self._visitor % len(pages)]
        stated = as_json({"name": person.full_name, "email": person.email})
        self._people.state(person, IdentityKind.EMAIL, person.email, person.came_at)
        self.visitors.rows.append(
            f"{self._visitor}\t{company.pk}\t{company.inboxes['webchat']}\t"
            f"{person.web_key}\t{person.pk}\t{url}\t{escape(title)}\t{stated}\t"
            f"{stamp(person.seen_at)}\t{stamp(person.came_at)}"
        )


def _working_hour(at: int) -> int:
    """The same moment, or nine to ten the next morning in Japan."""
    midnight = japanese_midnight(at)
    if at < midnight + 9 * HOUR:
        return midnight + 9 * HOUR + at % HOUR
    if at > midnight + 20 * HOUR:
        return midnight + DAY + 9 * HOUR + at % HOUR
    return at
