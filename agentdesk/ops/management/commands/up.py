from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from agentdesk.ops.launcher import up


class Command(BaseCommand):
    """For `manage.py help`: manage.py itself runs it without Django."""

    help = up.HELP
    requires_system_checks = []
    requires_migrations_checks = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        up.add_arguments(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        code = up.run(
            bind=options["bind"], port=options["port"], no_demo=options["no_demo"]
        )
        raise SystemExit(code)
