"""From a provider's event to its answer, to the agent's screen; and how many a second."""

import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from itertools import count
from random import Random
from threading import Lock

from agentdesk.ops.bench.browser import Browser
from agentdesk.ops.bench.chat import floors_of
from agentdesk.ops.bench.figures import Figure, timed
from agentdesk.ops.bench.listening import Screens
from agentdesk.ops.bench.place import Place, Scale
from agentdesk.ops.bench.provider import Event, Provider, now, stored_messages

_SENDERS = 16
_ACKNOWLEDGED_AT = 100  # events a second
_PATIENCE = 60  # seconds for what is still waiting
_AGAIN, _LATE = 0.1, 0.01


def measure_hooks(place: Place, scale: Scale, agent: Browser) -> list[Figure]:
    provider, numbers = Provider(place), count(int(now()) * 1000)
    _begin_conversations(place, provider, scale.visitors, numbers)
    floors = floors_of(place)
    return [
        _acknowledged(place, scale, provider, numbers, floors),
        _shown(place, scale, provider, numbers, agent, floors),
        _sustained(place, scale, provider, numbers, floors),
    ]


def _events(numbers: "count[int]", people: int, amount: int) -> list[Event]:
    return [Event(next(numbers), index % people + 1, now()) for index in range(amount)]


def _begin_conversations(
    place: Place, provider: Provider, people: int, numbers: "count[int]"
) -> None:
    first = _events(numbers, people, people)
    for event in first:
        provider.post([event])
    _wait_for(place, provider, first)


def _wait_for(place: Place, provider: Provider, events: Sequence[Event]) -> int:
    """How many of the events have become messages, once all have, or time is up."""
    deadline, found = time.monotonic() + _PATIENCE, 0
    while found < len(events) and time.monotonic() < deadline:
        time.sleep(0.1)
        found = len(stored_messages(place, provider.inbox, events))
    return found


class _Steady:
    """Events at a steady rate, each by itself."""

    def __init__(self, provider: Provider) -> None:
        self._provider = provider
        self._lock = Lock()
        self.sent: dict[str, float] = {}
        self.answered: list[float] = []
        self.cpu: list[float] = []
        self.failures = 0

    def run(self, events: Sequence[Event], rate: int) -> None:
        began = time.perf_counter()
        with ThreadPoolExecutor(_SENDERS) as senders:
            waiting = []
            for number, event in enumerate(events):
                time.sleep(max(0.0, began + number / rate - time.perf_counter()))
                waiting.append(senders.submit(self._post, event))
            wait(waiting)

    def _post(self, event: Event) -> None:
        began = time.perf_counter()
        answer = self._provider.post([event])
        with self._lock:
            self.sent[event.message_id] = began
            self.answered.append(answer.wall)
            self.cpu.append(answer.cpu)
            self.failures += answer.status != 200


def _acknowledged(
    place: Place,
    scale: Scale,
    provider: Provider,
    numbers: "count[int]",
    floors: dict[str, float],
) -> Figure:
    steady = _Steady(provider)
    events = _events(numbers, scale.visitors, _ACKNOWLEDGED_AT * scale.seconds)
    steady.run(events, _ACKNOWLEDGED_AT)
    missing = len(events) - _wait_for(place, provider, events)
    return timed(
        "webhook acknowledged",
        f"from outside, POST to its 2xx, at {_ACKNOWLEDGED_AT} events a second for "
        f"{scale.seconds} s while the worker understands them",
        steady.answered,
        cpu=steady.cpu,
        target=50,
        floor=floors["request"] + floors["commit"],
        failures=steady.failures + missing,
    )


def _shown(
    place: Place,
    scale: Scale,
    provider: Provider,
    numbers: "count[int]",
    agent: Browser,
    floors: dict[str, float],
) -> Figure:
    screens = Screens(agent, _conversations(place, provider, scale.visitors))
    steady = _Steady(provider)
    events = _events(numbers, scale.visitors, scale.rate * scale.seconds)
    steady.run(events, scale.rate)
    _wait_for(place, provider, events)
    found = stored_messages(place, provider.inbox, events)
    _until(lambda: set(found.values()) <= screens.shown.keys())
    screens.close()
    waited = [
        (screens.shown[pk] - steady.sent[name]) * 1000
        for name, pk in found.items()
        if pk in screens.shown and name in steady.sent
    ]
    return timed(
        "webhook → bubble on the screen",
        "from outside, the POST's start until another browser has the fragment, at "
        f"{scale.rate} events a second for {scale.seconds} s",
        waited,
        target=250,
        floor=2 * floors["request"] + 2 * floors["commit"],
        failures=len(events) - len(waited),
    )


def _conversations(place: Place, provider: Provider, amount: int) -> list[int]:
    with place.connect() as database:
        rows = database.execute(
            "select c.id from conversations_conversation c "
            "join customers_identity i on i.customer_id = c.customer_id "
            "where i.kind = 'line' and i.value = any(%s)",
            [[f"U{person:032x}" for person in range(1, amount + 1)]],
        ).fetchall()
    return [pk for (pk,) in rows]


def _until(is_done: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 10
    while not is_done() and time.monotonic() < deadline:
        time.sleep(0.05)


def _sustained(
    place: Place,
    scale: Scale,
    provider: Provider,
    numbers: "count[int]",
    floors: dict[str, float],
) -> Figure:
    """Posted as fast as answered; until the last is a message, each exactly once."""
    amount = 200 * scale.hurried_seconds
    events = shuffled(_events(numbers, scale.visitors * 5, amount))
    began = time.perf_counter()
    with ThreadPoolExecutor(_SENDERS) as senders:
        answers = [
            senders.submit(provider.post, [event], is_again=is_again)
            for event, is_again in events
        ]
        failures = sum(one.result().status != 200 for one in answers)
    wanted = list({event.message_id: event for event, _again in events}.values())
    found = _wait_for(place, provider, wanted)
    seconds = time.perf_counter() - began
    return Figure(
        "provider events, end to end",
        f"{len(wanted)} events posted as fast as they were answered, "
        f"{len(events) - len(wanted)} of them twice, 1 % out of order, until each was a "
        "message; counted in the database",
        p50=found / seconds,
        p95=0,
        count=len(wanted),
        target=200,
        floor=1000 / (2 * floors["commit"]),
        unit="/s",
        is_rate=True,
        failures=failures + len(wanted) - found,
    )


def shuffled(events: Sequence[Event]) -> list[tuple[Event, bool]]:
    """One in ten again later, one in a hundred before those it came after."""
    rng = Random(3)  # noqa: S311  # the same order each time
    order: list[tuple[float, Event, bool]] = []
    for place, event in enumerate(events):
        moved = place - 20 if rng.random() < _LATE else place
        order.append((moved, event, False))
        if rng.random() < _AGAIN:
            order.append((place + rng.random() * 100, event, True))
    order.sort(key=lambda one: one[0])
    return [(event, is_again) for _place, event, is_again in order]
