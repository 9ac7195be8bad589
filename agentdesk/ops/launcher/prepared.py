"""What `up` learns from the process that prepares the desk for it.

A process of its own: what migrations and the demo load is needed for a moment, and
`up` runs for months.
"""

import json
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from agentdesk.ops.launcher import command_lines
from agentdesk.ops.launcher.servers.child import Child
from agentdesk.ops.launcher.servers.errors import StartError


@dataclass(frozen=True)
class Prepared:
    """What is needed of the data before anybody signs in."""

    is_demo: bool
    # Role, address and password of each.
    sign_ins: list[tuple[str, str, str]]
    setup_link: str | None


def prepare(
    *, with_demo: bool, folder: Path, environment: Mapping[str, str]
) -> Prepared:
    """Raises StartError with the sentence that says why it is not possible."""
    reading, writing = os.pipe()
    with os.fdopen(reading, encoding="utf-8") as answering:
        try:
            child = Child(
                [
                    sys.executable,
                    "-m",
                    *command_lines.prepare(writing, with_demo=with_demo),
                ],
                folder=folder,
                environment=environment,
                # In one line with what `up` says itself.
                output=sys.stdout.buffer,
                shared=[writing],
            )
        finally:
            os.close(writing)
        try:
            text = answering.read()
        finally:
            child.kill()
    answer = json.loads(text or '{"refusal": "The desk could not be prepared."}')
    if "refusal" in answer:
        raise StartError(answer["refusal"])
    return Prepared(**answer)
