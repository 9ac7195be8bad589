"""Faults while messages come and go: what was acknowledged is there once, and left once.

An event that is not answered 2xx is posted again, as providers do. Every reply carries a
number, so that the provider's side can be counted as well.
"""

import time
import uuid
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Event as Flag
from threading import Thread
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from redis import Redis, RedisError

from agentdesk.bench.browser import Browser
from agentdesk.bench.hooks import shuffled
from agentdesk.bench.place import Place
from agentdesk.bench.provider import Event, Provider, kept, now
from agentdesk.bench.trial import Trial, running
from agentdesk.database import embedded_redis_url
from agentdesk.demo import sign_ins
from conversations.adapters.base import Connection
from conversations.choices import Channel
from conversations.simulators.base import Fault, Simulator
from conversations.simulators.registry import SIMULATORS, simulated
from conversations.simulators.server import served

Say = Callable[[str], None]
_SENDERS = 8
_PATIENCE = 180


@dataclass(frozen=True)
class Outcome:
    """One fault, and what was counted after it."""

    name: str
    said: str
    is_good: bool


class Faults:
    def __init__(self, trial: Trial, line: Simulator, agent: Browser, say: Say) -> None:
        self.trial, self.line, self.agent, self.say = trial, line, agent, say
        self.place: Place = trial.place
        self.provider = Provider(self.place)
        self.numbers = count(int(now()) * 1000)
        self.replies = count(1)

    def run(self, events: int) -> list[Outcome]:
        outcomes = [self._storm(events)]
        for name, fault, hurt in self._sending_faults():
            outcomes.append(self._send_through(name, fault, hurt))
        return outcomes

    # --- events ---
    def _storm(self, amount: int) -> Outcome:
        """All events, while one part after the other is hurt."""
        people = 200
        events = [
            Event(next(self.numbers), n % people + 1, now()) for n in range(amount)
        ]
        order = shuffled(events)
        todo: SimpleQueue[tuple[Event, bool]] = SimpleQueue()
        for one in order:
            todo.put(one)
        answers: Counter[int] = Counter()
        with self._hurting(), ThreadPoolExecutor(_SENDERS) as senders:
            for done in [
                senders.submit(self._post, todo, answers) for _ in range(_SENDERS)
            ]:
                done.result()
        found = self._wait(
            lambda: len(kept(self.place, self.provider.inbox, events)), amount
        )
        twice = self._twice()
        refused = sum(n for status, n in answers.items() if status >= 500 or not status)
        is_good = found == amount and not twice and not answers[500]
        said = (
            f"{amount} events, {len(order) - amount} of them again, 1 % out of order: "
            f"{found} messages, {twice} twice; {refused} answers were none or 5xx and "
            f"posted again ({dict(answers)})"
        )
        return Outcome("a storm of events", said, is_good)

    def _post(
        self, todo: "SimpleQueue[tuple[Event, bool]]", answers: "Counter[int]"
    ) -> None:
        while True:
            try:
                event, is_again = todo.get_nowait()
            except Empty:
                return
            try:
                status = self.provider.post([event], is_again=is_again).status
            except OSError:
                status = 0
            answers[status] += 1
            if not 200 <= status < 300:
                todo.put((event, True))
                time.sleep(0.2)

    @contextmanager
    def _hurting(self) -> Iterator[None]:
        is_over = Flag()
        thread = Thread(target=self._hurt, args=[is_over], daemon=True)
        thread.start()
        yield
        is_over.set()
        thread.join()

    def _hurt(self, is_over: Flag) -> None:
        """One after the other, with a pause in between, until the storm is over."""
        steps: Sequence[tuple[str, Callable[[], None]]] = (
            ("web", lambda: self.trial.kill("web")),
            ("worker", lambda: self.trial.kill("worker")),
            ("flush of Valkey", self.flush),
            ("postgres", lambda: self.trial.kill("postgres")),
            ("valkey", lambda: self.trial.kill("valkey")),
            ("worker", lambda: self.trial.kill("worker")),
        )
        for name, hurt in steps:
            if is_over.wait(8):
                return
            self.say(f"  hurting: {name}")
            hurt()

    def flush(self) -> None:
        with Redis.from_url(embedded_redis_url(self.trial.var)) as client:
            try:
                client.flushall()
            except RedisError as error:
                self.say(f"  Valkey does not answer: {error}")

    def _twice(self) -> int:
        with self.place.connect() as database:
            row = database.execute(
                "select count(*) from (select 1 from conversations_message "
                "where inbox_id = %s and provider_message_id is not null "
                "group by provider_message_id having count(*) > 1) twice",
                [self.provider.inbox],
            ).fetchone()
        return int(row[0]) if row else 0

    # --- replies ---
    def _sending_faults(self) -> Sequence[tuple[str, Fault, Callable[[], None]]]:
        nothing: Callable[[], None] = lambda: None  # noqa: E731  # said once
        slow = Fault(seconds=4)
        return (
            ("worker killed in the middle of a send", slow, self._kill_while_sending),
            ("provider slow", Fault(seconds=6), nothing),
            ("provider 500", Fault(status=500), nothing),
            ("provider 429", Fault(status=429, retry_after=3), nothing),
            ("connection cut after acceptance", Fault(is_cut=True), nothing),
            ("Valkey flushed while sending", slow, self.flush),
            ("PostgreSQL killed while sending", slow, self._kill_postgres),
        )

    def _kill_while_sending(self) -> None:
        self._wait(lambda: self.states()["sending"], 1)
        self.trial.kill("worker")

    def _kill_postgres(self) -> None:
        self._wait(lambda: self.states()["sending"], 1)
        self.trial.kill("postgres")

    def _send_through(
        self, name: str, fault: Fault, hurt: Callable[[], None]
    ) -> Outcome:
        """Three replies in one conversation, the first of which meets the fault."""
        self.say(f"Fault: {name} …")
        conversation = self._conversation()
        self.line.faults.append(fault)
        texts = [f"返信その{next(self.replies)}です。" for _ in range(3)]
        self._reply(conversation, texts[0])
        hurt()
        for text in texts[1:]:
            self._reply(conversation, text)
        self._wait(lambda: self._settled(texts), 3)
        arrived = [one.text for one in self.line.lines if one.text in texts]
        states = self._states_of(texts)
        said = f"at the provider {Counter(arrived)}, states {states}"
        is_good = arrived == texts and set(states) == {"sent"}
        return Outcome(name, said, is_good)

    def _conversation(self) -> int:
        """A new person's, whose free reply has run out: the push takes our key."""
        person = 5_000_000 + next(self.numbers) % 1_000_000
        event = Event(next(self.numbers), person, now() - 120)
        self._wait(lambda: int(self.provider.post([event]).status == 200), 1)
        self._wait(lambda: len(kept(self.place, self.provider.inbox, [event])), 1)
        message = kept(self.place, self.provider.inbox, [event])[event.message_id]
        with self.place.connect() as database:
            row = database.execute(
                "select conversation_id from conversations_message where id = %s",
                [message],
            ).fetchone()
        assert row is not None
        return int(row[0])

    def _reply(self, conversation: int, text: str) -> None:
        """As the composer does: the same client id until it is answered."""
        fields: dict[str, Any] = {
            "kind": "reply",
            "body": text,
            "client_id": str(uuid.uuid4()),
        }
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            "X-CSRFToken": self.agent.cookie("csrf"),
            "Origin": f"http://127.0.0.1:{self.agent.port}",
            "HX-Request": "true",
        }
        path = f"/conversations/{conversation}/compose/"

        def post() -> int:
            try:
                answer = self.agent.send("POST", path, urlencode(fields), headers)
            except OSError:
                return 0
            return int(answer.status == 201)

        if not self._wait(post, 1):
            raise RuntimeError("The desk did not take a reply.")

    def _settled(self, texts: Sequence[str]) -> int:
        return sum(one not in {"queued", "sending"} for one in self._states_of(texts))

    def _states_of(self, texts: Sequence[str]) -> list[str]:
        with self.place.connect() as database:
            rows = database.execute(
                "select state from conversations_message where body = any(%s) order by id",
                [list(texts)],
            ).fetchall()
        return [state for (state,) in rows]

    def states(self) -> "Counter[str]":
        with self.place.connect() as database:
            rows = database.execute(
                "select state, count(*) from conversations_message "
                "where state in ('queued', 'sending') group by state"
            ).fetchall()
        return Counter(dict(rows))

    def _wait(self, look: Callable[[], int], wanted: int) -> int:
        """What `look` sees at last; servers that are away meanwhile see nothing."""
        deadline, seen = time.monotonic() + _PATIENCE, 0
        while time.monotonic() < deadline:
            try:
                seen = look()
            except Exception:  # noqa: BLE001  # the database is away, as we wanted
                seen = 0
            if seen >= wanted:
                break
            time.sleep(0.3)
        return seen


def run_faults(var: Path, events: int, say: Say) -> list[Outcome]:
    """A desk of its own with the demo's data, through every fault.

    `var` is this process's own folder, so that the simulators find the desk's inboxes.
    """
    var.mkdir(parents=True, exist_ok=True)
    known: list[Connection] = []
    line = SIMULATORS[Channel.LINE](lambda: known)
    with served({Channel.LINE: line}) as address, running(var, address) as trial:
        settings.LOCAL_URL = f"http://127.0.0.1:{trial.port}"
        known += simulated(Channel.LINE)  # a provider has no part in our database
        agent = Browser(trial.port)
        _role, email, password = sign_ins()[0]
        agent.sign_in(email, password)
        return Faults(trial, line, agent, say).run(events)
