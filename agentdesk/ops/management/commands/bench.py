import signal
import sys
from dataclasses import replace
from pathlib import Path
from types import FrameType
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from agentdesk.ops.bench.place import SCALES
from agentdesk.ops.bench.run import PARTS, run_bench

_AMOUNTS = (
    *("customers", "messages", "opens", "rate", "seconds", "visitors", "looks"),
    *("sockets", "openings"),
)


class Command(BaseCommand):
    help = (
        "Measures the figures of the design on seeded data, with servers and processes "
        "of its own, and prints them beside their targets."
    )
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--scale", choices=sorted(SCALES), default="small")
        parser.add_argument(
            "--only", nargs="*", choices=PARTS, help="these parts alone"
        )
        parser.add_argument("--json", help="where the figures are written as well")
        for name in _AMOUNTS:
            parser.add_argument(f"--{name}", type=int, help="instead of the scale's")

    def handle(self, *_args: Any, **options: Any) -> None:
        signal.signal(signal.SIGTERM, _stop)
        scale = SCALES[options["scale"]]
        chosen = {name: options[name] for name in _AMOUNTS if options[name] is not None}
        if chosen:
            scale = replace(scale, name="chosen", **chosen)
        if "seconds" in chosen:
            scale = replace(scale, hurried_seconds=min(chosen["seconds"], 10))
        var = Path(settings.VAR_DIR).absolute() / "bench" / scale.name
        report = run_bench(scale, var, self.stdout.write, only=options["only"])
        path = Path(options["json"] or var / "bench.json")
        report.write(path)
        amounts = ", ".join(f"{name} {count:,}" for name, count in report.data.items())
        self.stdout.write(f"\nScale {scale.name}: {amounts}\n\n{report.table()}\n")
        self.stdout.write(f"\nWritten to {path}")


def _stop(number: int, frame: FrameType | None) -> None:
    """Ended from outside, it stops its servers as after Ctrl-C."""
    sys.exit(128 + number)
