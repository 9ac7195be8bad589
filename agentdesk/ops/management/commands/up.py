import os
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from agentdesk.ops.launcher.run import Desk


class Command(BaseCommand):
    help = "Run the desk: database, web, worker and beat together, in one log."
    requires_system_checks = []
    requires_migrations_checks = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--no-demo", action="store_true", help="start empty, for real work"
        )
        parser.add_argument(
            "--port", default=os.environ.get("PORT") or "8000", help="default: 8000"
        )
        parser.add_argument("--bind", default="127.0.0.1", help="default: 127.0.0.1")

    def handle(self, *args: Any, **options: Any) -> None:
        raise SystemExit(
            Desk(
                address=options["bind"],
                port=options["port"],
                with_demo=not options["no_demo"],
            ).run()
        )
