from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from agentdesk.ops.translations import catalogs


class Command(BaseCommand):
    help = "Renew the catalogs of translations from the source, or check them."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--check", action="store_true", help="only say what is not translated"
        )
        parser.add_argument(
            "--compile", action="store_true", help="only write the .mo files"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["check"]:
            self._check()
            return
        if not options["compile"]:
            catalogs.renew()
            wanting = sum(1 for _ in catalogs.faults())
            self.stdout.write(f"Renewed. Wanting a translation: {wanting}")
        catalogs.compile_all()

    def _check(self) -> None:
        faults = list(catalogs.faults())
        for fault in faults:
            self.stderr.write(fault)
        if faults:
            raise CommandError(
                f"{len(faults)} messages want a translation, or a context of their own: "
                "run `manage.py messages`, then mend the .po files."
            )
