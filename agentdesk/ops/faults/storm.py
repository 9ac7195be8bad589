"""Thousands of events while one part after the other is killed."""

import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from queue import Empty, SimpleQueue
from threading import Event as Flag
from threading import Thread

from agentdesk.ops.bench.hooks import shuffled
from agentdesk.ops.bench.provider import Event
from agentdesk.ops.faults.scene import Outcome, Scene

_SENDERS = 8


def storm(scene: Scene, amount: int) -> Outcome:
    """An event that is not answered 2xx is posted again, as providers do."""
    events = scene.events(amount)
    order = shuffled(events)
    todo: SimpleQueue[tuple[Event, bool]] = SimpleQueue()
    for one in order:
        todo.put(one)
    answers: Counter[int] = Counter()
    with _hurting(scene), ThreadPoolExecutor(_SENDERS) as senders:
        running = [senders.submit(_post, scene, todo, answers) for _ in range(_SENDERS)]
        for sender in running:
            sender.result()
    found = scene.wait(lambda: scene.arrived(events), amount)
    twice = _twice(scene)
    refused = sum(n for status, n in answers.items() if status >= 500 or not status)
    is_good = found == amount and not twice and not answers[500]
    text = (
        f"{amount} events, {len(order) - amount} of them again, 1 % out of order: "
        f"{found} messages, {twice} twice; {refused} answers were none or 5xx and "
        f"posted again ({dict(answers)})"
    )
    return Outcome("a storm of events", text, is_good)


def _post(
    scene: Scene,
    todo: "SimpleQueue[tuple[Event, bool]]",
    answers: "Counter[int]",
) -> None:
    while True:
        try:
            event, is_again = todo.get_nowait()
        except Empty:
            return
        try:
            status = scene.provider.post([event], is_again=is_again).status
        except OSError:
            status = 0
        answers[status] += 1
        if not 200 <= status < 300:
            todo.put((event, True))
            time.sleep(0.2)


@contextmanager
def _hurting(scene: Scene) -> Iterator[None]:
    is_over = Flag()
    thread = Thread(target=_hurt, args=[scene, is_over], daemon=True)
    thread.start()
    yield
    is_over.set()
    thread.join()


def _hurt(scene: Scene, is_over: Flag) -> None:
    """One after the other, with a pause in between, until the storm is over."""
    steps: Sequence[tuple[str, Callable[[], None]]] = (
        ("web", lambda: scene.trial.kill("web")),
        ("worker", lambda: scene.trial.kill("worker")),
        ("flush of Valkey", scene.flush),
        ("postgres", lambda: scene.trial.kill("postgres")),
        ("valkey", lambda: scene.trial.kill("valkey")),
        ("worker", lambda: scene.trial.kill("worker")),
    )
    for name, hurt in steps:
        if is_over.wait(8):
            return
        scene.say(f"  hurting: {name}")
        hurt()


def _twice(scene: Scene) -> int:
    [(amount,)] = scene.rows(
        "select count(*) from (select 1 from conversations_message "
        "where inbox_id = %s and provider_message_id is not null "
        "group by provider_message_id having count(*) > 1) twice",
        [scene.provider.inbox],
    )
    return int(amount)
