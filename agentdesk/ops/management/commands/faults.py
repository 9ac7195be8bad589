"""Kills and slows what the desk stands on while messages come and go, and counts them."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from agentdesk.ops.faults.run import SCENARIOS, STORM, run_faults


class Command(BaseCommand):
    help = __doc__ or ""
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--events", type=int, default=20_000)
        names = [STORM, *SCENARIOS]
        parser.add_argument("--only", nargs="*", choices=names, default=[])

    def handle(self, *_args: Any, **options: Any) -> None:
        outcomes = run_faults(
            Path(settings.VAR_DIR),
            options["events"],
            self.stdout.write,
            options["only"],
        )
        for one in outcomes:
            verdict = "ok    " if one.is_good else "FAILED"
            self.stdout.write(f"{verdict}  {one.name}: {one.report}")
        if not all(one.is_good for one in outcomes):
            raise CommandError("Something was lost, doubled or left undecided.")
