from typing import Any

from django.core.management.base import BaseCommand

from agentdesk.web_push import new_private_key


class Command(BaseCommand):
    help = (
        "Prints a new VAPID_PRIVATE_KEY for .env. Where another one was used before, "
        "members switch the notifications of their devices on again."
    )
    requires_system_checks = []

    def handle(self, *_args: Any, **_options: Any) -> None:
        self.stdout.write(f"VAPID_PRIVATE_KEY={new_private_key()}")
