"""One desk through every fault, or through those that are asked for."""

from collections.abc import Callable, Sequence
from pathlib import Path

from django.conf import settings

from agentdesk.ops.bench.browser import Browser
from agentdesk.ops.bench.trial import running
from agentdesk.ops.demo import sign_ins
from agentdesk.ops.faults.disk import disk_full
from agentdesk.ops.faults.frozen import frozen
from agentdesk.ops.faults.poisoned_mail import poisoned_mail
from agentdesk.ops.faults.receipts import receipts
from agentdesk.ops.faults.scene import Outcome, Say, Scene
from agentdesk.ops.faults.sending import sending
from agentdesk.ops.faults.storm import storm
from conversations.adapters.base import Connection
from conversations.choices import Channel
from conversations.simulators.registry import SIMULATORS, simulated
from conversations.simulators.server import served

Scenario = Callable[[Scene], Sequence[Outcome]]
# In this order, after the storm. A new kind of fault is a module and a line here.
SCENARIOS: dict[str, Scenario] = {
    "sending": sending,
    "receipts": receipts,
    "mail": poisoned_mail,
    "frozen": frozen,
    "disk": disk_full,
}
STORM = "storm"


def run_faults(var: Path, events: int, say: Say, only: Sequence[str]) -> list[Outcome]:
    """A desk of its own with the demo's data, through every fault, or `only` those.

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
        scene = Scene(trial, line, agent, say)
        scenarios: dict[str, Scenario] = {
            STORM: lambda scene: [storm(scene, events)],
            **SCENARIOS,
        }
        outcomes: list[Outcome] = []
        for name, scenario in scenarios.items():
            if name in only or not only:
                outcomes += _played(name, scenario, scene)
        return outcomes


def _played(name: str, scenario: Scenario, scene: Scene) -> Sequence[Outcome]:
    """One that cannot be played to its end keeps no other from it."""
    try:
        return scenario(scene)
    except Exception as error:  # noqa: BLE001  # whatever it is, it is its outcome
        text = f"not played to its end: {type(error).__name__}: {error}"
        return [Outcome(name, text, False)]
