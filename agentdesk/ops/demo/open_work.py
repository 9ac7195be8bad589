"""Inquiries that are open now: waiting, in progress, pending, snoozed, promised."""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from agentdesk.ops.demo.copying import NULL, Table
from agentdesk.ops.demo.lines import Story, Thread
from agentdesk.ops.demo.people import Person
from agentdesk.ops.demo.purchases import Bought, Purchases
from agentdesk.ops.demo.stamps import DAY, japanese_midnight, stamp
from agentdesk.ops.demo.stories import all_scenes
from agentdesk.ops.demo.texts import Line, Scene
from agentdesk.ops.demo.threads import HOUR, Threads
from conversations.choices import CallOutcome, Channel, NotificationKind
from conversations.models import FollowUp, Mention, Notification

MINUTE = 60
_STILL_THERE, _SOON_ANSWERED = 5, 25  # minutes
_NOT_WORK = "その他/"  # thanks and the like wait for nobody
# How long before now an order was placed for its story to come to its point just now.
_AGES = {"placed": 0.15, "shipped": 2.4, "delivered": 5.5, "later": 45.0, "bought": 4.0}


@dataclass(frozen=True)
class Situation:
    status: str
    is_owned: bool
    last: str  # who spoke last: c, a, or p for a call
    minutes: int  # since then
    is_snoozed: bool = False


SITUATIONS = (
    Situation("new", False, "c", 4),
    Situation("active", True, "c", 2),
    Situation("new", False, "c", 11),
    Situation("pending", True, "a", 95),
    Situation("active", True, "p", 50),
    Situation("new", False, "c", 23),
    Situation("active", True, "c", 8),
    Situation("pending", True, "a", 1_300, is_snoozed=True),
    Situation("active", True, "a", 6),
    Situation("new", False, "c", 38),
    Situation("active", True, "c", 17),
    Situation("active", True, "p", 75),
    Situation("pending", True, "a", 260),
    Situation("new", False, "c", 64),
)
_MENTIONS = (
    "@{name} 在庫の引き当てをお願いできますか。お客様には本日中の回答とお伝えしています。",
    "@{name} ご判断をお願いします。送料をこちらで負担してよいでしょうか。",
    "@{name} 以前のご対応の経緯をご存じでしたら教えてください。",
)
_FOLLOW_UPS = (
    "在庫の確認結果をお電話でご案内する",
    "配送会社の調査結果を折り返しご連絡する",
    "店舗に確認のうえ、仕上がり日をお知らせする",
)


class OpenWork:
    def __init__(
        self, rng: Random, now: int, threads: Threads, purchases: Purchases
    ) -> None:
        self._rng = rng
        self._now = now
        self._threads = threads
        self._purchases = purchases
        self._count = self._follow_up = self._notification = self._mention = 0
        self._turns: dict[tuple[int, str], int] = {}
        self.follow_ups = Table(
            FollowUp,
            "id account_id conversation_id call_id owner_id text due_at told_at "
            "created_at",
        )
        self.mentions = Table(Mention, "id message_id member_id")
        self.notifications = Table(
            Notification,
            "id account_id member_id kind conversation_id message_id at seen_at",
        )

    @property
    def tables(self) -> list[Table]:
        return [self.follow_ups, self.mentions, self.notifications]

    def leave(self, person: Person, thread: Thread) -> Story:
        """The customer's open inquiry; one situation after the other, each a new scene."""
        situation = self._next_situation()
        scene = self._next_scene(person, situation, thread.subjects)
        lines = scene.lines[: _cut(scene, situation, self._rng)]
        bought = self._order(person, scene)
        moment = self._now - situation.minutes * MINUTE
        times = self._threads.times(scene.voice, lines, moment)
        times = [at + moment - times[-1] for at in times]
        opened = times[0] - (560 if lines[0][0] in "po" else 0)
        story = self._threads.new_story(thread, scene)
        story.member = person.company.agents[self._count % len(person.company.agents)]
        story.channel = self._channel_of(scene, situation, story.channel)
        if situation.last == "p":
            story.outcome = CallOutcome.CALL_BACK.value
        words = self._threads.words(story, scene, bought, opened)
        self._threads.play(story, lines, times, words, opened)
        if situation.last == "c" and not situation.is_owned:
            thread.is_unread = "t"
        if situation.is_owned and all(speaker == "c" for speaker, _variants in lines):
            self._threads.assigned(story, times[-1] + 30)
        waits = _waits_since(lines, times)
        self._write(story, scene, situation, (opened, waits, times[-1]))
        self._notify_members(story, situation, times[-1])
        return story

    def _channel_of(self, scene: Scene, situation: Situation, usual: str) -> str:
        """Who waits for long has not stayed in the chat; few let LINE wait for an hour."""
        if scene.voice != "chat":
            return Channel.PHONE.value
        if situation.minutes <= _STILL_THERE:
            return Channel.WEBCHAT.value
        if situation.minutes > _SOON_ANSWERED and self._count % 3:
            return Channel.EMAIL.value
        return Channel.LINE.value if usual == Channel.WEBCHAT else usual

    def _next_situation(self) -> Situation:
        """The first ones as listed; of thousands, most wait for anyone."""
        position = self._count
        self._count += 1
        chosen = SITUATIONS[position % len(SITUATIONS)]
        rounds = position // len(SITUATIONS)
        if rounds == 0:
            return chosen
        minutes = chosen.minutes + rounds * 7 + int(self._rng.random() * 50 * rounds)
        is_owned = chosen.is_owned and (rounds < 6 or chosen.status != "active")
        status = chosen.status if is_owned or chosen.status != "active" else "new"
        return Situation(
            status, is_owned, chosen.last, min(minutes, 4_000), chosen.is_snoozed
        )

    def _next_scene(
        self, person: Person, situation: Situation, subjects: set[str]
    ) -> Scene:
        """Each voice's scenes in turn, so that the list on screen is varied."""
        voice = "phone" if situation.last == "p" else "chat"
        fitting = [
            scene
            for scene in all_scenes(person.company, (voice,))
            if any(speaker == situation.last for speaker, _variants in scene.lines)
            and not scene.reason.startswith(_NOT_WORK)
        ]
        fitting = [
            scene for scene in fitting if scene.subject not in subjects
        ] or fitting
        key = (person.company.pk, situation.last)
        turn = self._turns.get(key, {"c": 0, "a": 4, "p": 0}[situation.last])
        self._turns[key] = turn + 1
        return fitting[turn % len(fitting)]

    def _order(self, person: Person, scene: Scene) -> Bought | None:
        age = _AGES.get(scene.when)
        if age is None:
            return None
        moment = self._now - int(age * DAY)
        fitting = person.company.fitting[scene.subject]
        item = fitting[int(self._rng.random() * len(fitting))]
        return self._purchases.buy_now(
            person, moment, item, self._now, online=scene.when != "bought"
        )

    def _write(
        self,
        story: Story,
        scene: Scene,
        situation: Situation,
        times: tuple[int, int | None, int],
    ) -> None:
        opened, waits, last = times
        owner = str(story.member.pk) if situation.is_owned else NULL
        waiting = stamp(waits) if waits else NULL
        snoozed = NULL
        if situation.is_snoozed:
            snoozed = stamp(japanese_midnight(self._now) + DAY + 10 * HOUR)
        if situation.status == "new":
            story.reason_id = 0
        self._threads.write_inquiry(
            story,
            scene,
            f"{owner}\t{situation.status}",
            "",
            opened,
            f"{NULL}\t{snoozed}\t{waiting}\t{stamp(last)}",
        )

    def _notify_members(self, story: Story, situation: Situation, last: int) -> None:
        if not situation.is_owned or self._count > 60:
            return
        if situation.last == "p":
            self._promise(story, last)
        elif situation.last == "c":
            self._notify(story, story.member.pk, NotificationKind.MESSAGE, NULL, last)
        elif self._count % 3 == 1 and not situation.is_snoozed:
            self._mention_supervisor(story, last)
        else:
            self._notify(story, story.member.pk, NotificationKind.ASSIGNED, NULL, last)

    def _promise(self, story: Story, at: int) -> None:
        self._follow_up += 1
        text = _FOLLOW_UPS[self._follow_up % len(_FOLLOW_UPS)]
        due = at + (1 + self._follow_up % 4) * HOUR
        notified_at = stamp(due) if due < self._now else NULL
        self.follow_ups.rows.append(
            f"{self._follow_up}\t{story.company.pk}\t{story.thread.pk}\t{story.call}\t"
            f"{story.member.pk}\t{text}\t{stamp(due)}\t{notified_at}\t{stamp(at)}"
        )
        if due < self._now:
            self._notify(story, story.member.pk, NotificationKind.FOLLOW_UP, NULL, due)

    def _mention_supervisor(self, story: Story, last: int) -> None:
        company = story.company
        chief = company.supervisors[self._mention % len(company.supervisors)]
        self._mention += 1
        body = _MENTIONS[self._mention % len(_MENTIONS)].format(name=chief.name)
        at = min(last + 90, self._now - 30)
        message = self._threads.lines.noted(story, story.member, body, at)
        self.mentions.rows.append(f"{self._mention}\t{message}\t{chief.pk}")
        self._notify(story, chief.pk, NotificationKind.MENTION, str(message), at)

    def _notify(
        self, story: Story, member: int, kind: NotificationKind, message: str, at: int
    ) -> None:
        self._notification += 1
        seen = stamp(at + 120) if at < self._now - 2 * HOUR else NULL
        self.notifications.rows.append(
            f"{self._notification}\t{story.company.pk}\t{member}\t{kind}\t"
            f"{story.thread.pk}\t{message}\t{stamp(at)}\t{seen}"
        )


def _cut(scene: Scene, situation: Situation, rng: Random) -> int:
    """How many lines to play, so that the right one speaks last."""
    ends = [
        position
        for position, (speaker, _variants) in enumerate(scene.lines, 1)
        if speaker == situation.last
    ]
    return ends[int(rng.random() * len(ends)) if situation.is_owned else 0]


def _waits_since(lines: Sequence[Line], times: Sequence[int]) -> int | None:
    """The oldest message of the customer that nobody has answered yet."""
    since = None
    for (speaker, _variants), at in zip(lines, times, strict=True):
        if speaker == "c":
            since = since or at
        elif speaker != "n":
            since = None
    return since
