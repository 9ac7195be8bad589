from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from conversations.connections.reseal import reseal_secrets


class Command(BaseCommand):
    help = (
        "Seal all secrets with the first key of CREDENTIAL_KEY, so that the ones behind "
        "it may be taken away. May be run again at any time."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        _first, *older = [one.strip() for one in settings.CREDENTIAL_KEY.split(",")]
        if older and not settings.DIGEST_KEY:
            raise CommandError(
                "Set DIGEST_KEY to the last key of CREDENTIAL_KEY first, everywhere, and "
                "start again: without it the marks in mails already sent are lost."
            )
        done = reseal_secrets(self.stdout.write)
        self.stdout.write(f"{done.changed} sealed anew.")
        if done.lost:
            raise CommandError(
                f"No key opens these: {', '.join(done.lost)}. Keep the older keys, or "
                "enter these secrets anew."
            )
        if older:
            self.stdout.write("CREDENTIAL_KEY may be its first key alone now.")
