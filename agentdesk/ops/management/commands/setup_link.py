from typing import Any

from django.core.management.base import BaseCommand

from agentdesk.accounts.setup import setup_link


class Command(BaseCommand):
    help = "Print the one-time link that sets up an empty installation."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(setup_link() or "Somebody has set it up already.")
