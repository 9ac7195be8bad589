"""Replies whose sending meets a fault: of three in a row, the first."""

from collections import Counter
from collections.abc import Callable, Sequence

from agentdesk.ops.faults.scene import Outcome, Scene
from conversations.adapters.simulation.base import Fault


def sending(scene: Scene) -> list[Outcome]:
    """Every reply carries a number, so that the provider's side can be counted as well."""
    nothing: Callable[[], None] = lambda: None  # noqa: E731  # said once
    slow = Fault(seconds=4)
    faults: Sequence[tuple[str, Fault, Callable[[], None]]] = (
        (
            "worker killed and Valkey flushed while it is held",
            Fault(),
            lambda: _lose_the_job(scene),
        ),
        (
            "worker killed in the middle of a send",
            slow,
            lambda: _kill_while_sending(scene, "worker"),
        ),
        ("provider slow", Fault(seconds=6), nothing),
        ("provider 500", Fault(status=500), nothing),
        ("provider 429", Fault(status=429, retry_after=3), nothing),
        ("connection cut after acceptance", Fault(is_cut=True), nothing),
        ("Valkey flushed while sending", slow, scene.flush),
        (
            "PostgreSQL killed while sending",
            slow,
            lambda: _kill_while_sending(scene, "postgres"),
        ),
    )
    return [_send_through(scene, name, fault, hurt) for name, fault, hurt in faults]


def _lose_the_job(scene: Scene) -> None:
    """Nothing but the row knows of the reply now."""
    scene.wait(lambda: scene.states()["queued"], 1)
    scene.trial.kill("worker")
    scene.flush()


def _kill_while_sending(scene: Scene, part: str) -> None:
    scene.wait(lambda: scene.states()["sending"], 1)
    scene.trial.kill(part)


def _send_through(
    scene: Scene, name: str, fault: Fault, hurt: Callable[[], None]
) -> Outcome:
    scene.say(f"Fault: {name} …")
    conversation = scene.conversation()
    scene.line.faults.append(fault)
    texts = [f"返信その{next(scene.replies)}です。" for _ in range(3)]
    scene.reply(conversation, texts[0])
    hurt()
    for text in texts[1:]:
        scene.reply(conversation, text)
    scene.wait(lambda: _settled(scene, texts), 3)
    arrived = [one.text for one in scene.line.lines if one.text in texts]
    states = scene.states_of(texts)
    text = f"at the provider {Counter(arrived)}, states {states}"
    return Outcome(name, text, arrived == texts and set(states) == {"sent"})


def _settled(scene: Scene, texts: Sequence[str]) -> int:
    return sum(one not in {"queued", "sending"} for one in scene.states_of(texts))
