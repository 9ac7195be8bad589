"""A desk that is being hurt: how its scenarios write to it, look at it and wait for it."""

import time
import uuid
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any
from urllib.parse import urlencode

from redis import Redis, RedisError

from agentdesk.database import embedded_redis_url
from agentdesk.ops.bench.browser import Answer, Browser
from agentdesk.ops.bench.place import Place
from agentdesk.ops.bench.provider import Event, Provider, now, stored_messages
from agentdesk.ops.bench.trial import Trial
from conversations.adapters.simulation.base import Simulator

Say = Callable[[str], None]
PATIENCE = 180


@dataclass(frozen=True)
class Outcome:
    """One fault, and what was counted after it."""

    name: str
    report: str
    is_good: bool


class Scene:
    def __init__(self, trial: Trial, line: Simulator, agent: Browser, say: Say) -> None:
        self.trial, self.line, self.agent, self.say = trial, line, agent, say
        self.place: Place = trial.place
        self.provider = Provider(self.place)
        self.numbers = count(int(now()) * 1000)
        self.replies = count(1)

    def events(self, amount: int, *, people: int = 200) -> list[Event]:
        """New messages by LINE, which nobody has posted yet."""
        return [Event(next(self.numbers), n % people + 1, now()) for n in range(amount)]

    def arrived(self, events: Sequence[Event]) -> int:
        return len(stored_messages(self.place, self.provider.inbox, events))

    def flush(self) -> None:
        with Redis.from_url(embedded_redis_url(self.trial.var)) as client:
            try:
                client.flushall()
            except RedisError as error:
                self.say(f"  Valkey does not answer: {error}")

    def rows(self, statement: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        with self.place.connect() as database:
            return database.execute(statement.encode(), values).fetchall()

    def chat_key(self) -> str:
        """Of a web chat of the demo."""
        [(key,)] = self.rows(
            "select i.key from conversations_inbox i "
            "join accounts_clientaccount a on a.id = i.account_id "
            "where a.slug = 'kogane' and i.channel = 'webchat' and i.state = 'live' "
            "limit 1"
        )
        return str(key)

    def conversation(self) -> int:
        """A new person's, whose free reply has run out: the push takes our key."""
        person = 5_000_000 + next(self.numbers) % 1_000_000
        event = Event(next(self.numbers), person, now() - 120)
        self.wait(lambda: int(self.provider.post([event]).status == 200), 1)
        self.wait(lambda: self.arrived([event]), 1)
        message = stored_messages(self.place, self.provider.inbox, [event])[
            event.message_id
        ]
        [(pk,)] = self.rows(
            "select conversation_id from conversations_message where id = %s", [message]
        )
        return int(pk)

    def post_form(self, path: str, fields: dict[str, Any]) -> Answer:
        """As the desk's page does."""
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            "X-CSRFToken": self.agent.cookie("csrf"),
            "Origin": f"http://127.0.0.1:{self.agent.port}",
            "HX-Request": "true",
        }
        return self.agent.send("POST", path, urlencode(fields), headers)

    def reply(self, conversation: int, text: str) -> None:
        """As the composer does: the same client id until it is answered."""
        fields = {"kind": "reply", "body": text, "client_id": str(uuid.uuid4())}
        path = f"/conversations/{conversation}/compose/"

        def post() -> int:
            try:
                return int(self.post_form(path, fields).status == 201)
            except OSError:
                return 0

        if not self.wait(post, 1):
            raise RuntimeError("The desk did not take a reply.")

    def states_of(self, texts: Sequence[str]) -> list[str]:
        rows = self.rows(
            "select state from conversations_message where body = any(%s) order by id",
            [list(texts)],
        )
        return [state for (state,) in rows]

    def states(self) -> "Counter[str]":
        rows = self.rows(
            "select state, count(*) from conversations_message "
            "where state in ('queued', 'sending') group by state"
        )
        return Counter(dict(rows))

    def wait(
        self, look: Callable[[], int], wanted: int, *, seconds: float = PATIENCE
    ) -> int:
        """What `look` sees at last; servers that are away meanwhile see nothing."""
        deadline, seen = time.monotonic() + seconds, 0
        while time.monotonic() < deadline:
            try:
                seen = look()
            except Exception:  # noqa: BLE001  # the database is away, as we wanted
                seen = 0
            if seen >= wanted:
                break
            time.sleep(0.02)
        return seen
