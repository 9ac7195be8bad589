from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from agentdesk.web.icons import sprite, sprite_path
from conversations.adapters.colours import colours, colours_path


class Command(BaseCommand):
    help = (
        "Write the sprite of icons and the colours of channels anew from what the "
        "source names, or check them."
    )
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--check",
            action="store_true",
            help="only say whether it is as it should be",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        for wanted, path in (
            (sprite(), sprite_path()),
            (colours(), colours_path()),
        ):
            if path.exists() and path.read_text(encoding="utf-8") == wanted:
                continue
            if options["check"]:
                raise CommandError(f"{path.name} is not up to date: run `make icons`.")
            path.write_text(wanted, encoding="utf-8")
