"""Plays one provider, or all, on this machine, with a page to write as a customer."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from conversations.simulators.registry import SIMULATORS, make
from conversations.simulators.server import make_server


class Command(BaseCommand):
    help = __doc__ or ""
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("channel", choices=[*sorted(SIMULATORS), "all"])
        parser.add_argument("--port", type=int, default=8090)
        parser.add_argument(
            "--desk",
            default=settings.LOCAL_URL or "http://127.0.0.1:8000",
            help="where the desk is, for the events",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        settings.LOCAL_URL = options["desk"].rstrip("/")
        chosen = options["channel"]
        simulators = make(sorted(SIMULATORS) if chosen == "all" else [chosen])
        server = make_server(simulators, port=options["port"])
        self.stdout.write(f"http://127.0.0.1:{server.server_address[1]}/")
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            pass
        finally:
            server.server_close()
