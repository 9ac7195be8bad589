"""From a visitor's message to the agent's screen, and how many a second get in."""

import time
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from itertools import count
from threading import Lock

from agentdesk.ops.bench.browser import Browser
from agentdesk.ops.bench.figures import Figure, timed
from agentdesk.ops.bench.flood import measure_flood
from agentdesk.ops.bench.listening import Screens
from agentdesk.ops.bench.pages import median
from agentdesk.ops.bench.place import Place, Scale
from agentdesk.ops.bench.visitors import Crowd, Visitor

_SENDERS = 16
_PATIENCE = 10  # seconds for what is still on its way
_ONE_AGAIN_IN = 10
_BARE = 200


def measure_chat(place: Place, scale: Scale, agent: Browser) -> list[Figure]:
    with place.connect() as database:
        row = database.execute(
            "select i.key from conversations_inbox i "
            "join accounts_clientaccount a on a.id = i.account_id "
            "where a.slug = 'kogane' and i.channel = 'webchat'"
        ).fetchone()
    assert row is not None
    crowd = Crowd(place.port, row[0])
    crowd.gather(scale.visitors)
    floors = floors_of(place)
    return [
        *_live(place, scale, agent, crowd, floors),
        _hurried(place, scale, crowd, floors),
        *measure_flood(place, scale, agent, row[0]),
    ]


def floors_of(place: Place) -> dict[str, float]:
    """The bare commit and the bare request of this machine, medians in ms."""
    browser = Browser(place.port)
    with place.connect() as database:
        database.execute("create table if not exists bench_bare (number int)")
        commit = median(
            lambda: database.execute("insert into bench_bare values (1)")
            for _ in range(_BARE)
        )
    request = median(lambda: browser.get("/livez") for _ in range(_BARE))
    browser.close()
    return {"commit": commit, "request": request}


def _conversations(place: Place, crowd: Crowd) -> list[int]:
    """The newest ones are those that the crowd has just begun."""
    with place.connect() as database:
        rows = database.execute(
            "select id from conversations_conversation order by id desc limit %s",
            [len(crowd.visitors)],
        ).fetchall()
    return [pk for (pk,) in rows]


class _Steady:
    """Messages at a steady rate: when each was sent, and how long storing it took."""

    def __init__(self, crowd: Crowd) -> None:
        self._crowd = crowd
        self._lock = Lock()
        self.sent: dict[int, float] = {}
        self.stored: list[float] = []
        self.cpu: list[float] = []
        self.queries: list[int] = []
        self.failures = 0

    def run(self, rate: int, seconds: int) -> None:
        """What is not on its way after three times as long is given up: a failure."""
        visitors = self._crowd.visitors
        began = time.perf_counter()
        senders = ThreadPoolExecutor(_SENDERS)
        waiting = []
        for number in range(rate * seconds):
            due = began + number / rate
            time.sleep(max(0.0, due - time.perf_counter()))
            visitor = visitors[number % len(visitors)]
            waiting.append(senders.submit(self._say, visitor))
        wait(waiting, timeout=2 * seconds)
        senders.shutdown(cancel_futures=True)
        self.failures += sum(one.cancelled() for one in waiting)

    def _say(self, visitor: Visitor) -> None:
        began = time.perf_counter()
        answer = self._crowd.say(visitor, uuid.uuid4())
        with self._lock:
            if answer.status == 201:
                self.sent[answer.json()["message"]["id"]] = began
                self.stored.append(answer.wall)
                self.cpu.append(answer.cpu)
                self.queries.append(answer.queries)
            else:
                self.failures += 1

    def waited(self, reached: dict[int, float]) -> list[float]:
        """Milliseconds from the sending of each message until it was there."""
        return [
            (reached[pk] - at) * 1000 for pk, at in self.sent.items() if pk in reached
        ]


def _live(
    place: Place, scale: Scale, agent: Browser, crowd: Crowd, floors: dict[str, float]
) -> list[Figure]:
    screens = Screens(agent, _conversations(place, crowd))
    steady = _Steady(crowd)
    steady.run(scale.rate, scale.seconds)
    _wait_until(lambda: steady.sent.keys() <= screens.shown.keys())
    screens.close()
    how = f"at {scale.rate} messages a second for {scale.seconds} s"
    floor = floors["request"] + floors["commit"]
    signal, shown = steady.waited(screens.signalled), steady.waited(screens.shown)
    return [
        timed(
            "a visitor's message is stored",
            f"from outside, POST to the answer after commit, {how}",
            steady.stored,
            cpu=steady.cpu,
            queries=steady.queries,
            floor=floor,
            failures=steady.failures,
        ),
        timed(
            "message → signal on the socket",
            f"from outside, the POST's start to another browser's socket, {how}",
            signal,
            floor=floor,
            failures=len(steady.sent) - len(signal),
        ),
        timed(
            "message → bubble on the screen",
            f"the same, until the fragment with it has been fetched, {how}",
            shown,
            target=250,
            floor=floor + floors["request"],
            failures=len(steady.sent) - len(shown),
        ),
    ]


def _wait_until(is_done: Callable[[], bool]) -> None:
    deadline = time.monotonic() + _PATIENCE
    while not is_done() and time.monotonic() < deadline:
        time.sleep(0.05)


class _Hurry:
    """As fast as it goes; one message in ten is sent again, as after a lost answer."""

    def __init__(self, crowd: Crowd, seconds: int) -> None:
        self._crowd = crowd
        self._numbers = count()
        self._lock = Lock()
        self._deadline = time.perf_counter() + seconds
        self.stored: list[str] = []
        self.repeats = 0
        self.failures = 0

    def run(self) -> float:
        """The seconds it took."""
        began = time.perf_counter()
        with ThreadPoolExecutor(_SENDERS) as senders:
            for done in [senders.submit(self._send) for _ in range(_SENDERS)]:
                done.result()
        return time.perf_counter() - began

    def _send(self) -> None:
        visitors = self._crowd.visitors
        while time.perf_counter() < self._deadline:
            number = next(self._numbers)
            client_id = uuid.uuid4()
            times = 2 if number % _ONE_AGAIN_IN == 0 else 1
            visitor = visitors[number % len(visitors)]
            codes = [self._crowd.say(visitor, client_id).status for _ in range(times)]
            with self._lock:
                self.repeats += times - 1
                if codes == [201, 200][:times]:
                    self.stored.append(str(client_id))
                else:
                    self.failures += 1


def _hurried(
    place: Place, scale: Scale, crowd: Crowd, floors: dict[str, float]
) -> Figure:
    """Counted in the database afterwards: each message must be there once."""
    crowd.gather(scale.visitors * 4)
    hurry = _Hurry(crowd, scale.hurried_seconds)
    seconds = hurry.run()
    lost = abs(len(hurry.stored) - _stored(place, hurry.stored))
    return Figure(
        "inbound throughput",
        f"web chat messages stored a second, {_SENDERS} senders for "
        f"{scale.hurried_seconds} s, {hurry.repeats} sent twice; counted in the database",
        p50=len(hurry.stored) / seconds,
        p95=0,
        count=len(hurry.stored),
        target=200,
        floor=1000 / floors["commit"],
        unit="/s",
        is_rate=True,
        failures=hurry.failures + lost,
    )


def _stored(place: Place, client_ids: list[str]) -> int:
    with place.connect() as database:
        row = database.execute(
            "select count(*) from conversations_message where client_id = any(%s::uuid[]) "
            "and occurred_at > now() - interval '1 hour'",
            [client_ids],
        ).fetchone()
    return int(row[0]) if row else 0
