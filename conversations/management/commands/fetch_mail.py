"""Reads the mailboxes of all inboxes until it is stopped. One of these is enough."""

import signal
from typing import Any

from django.core.management.base import BaseCommand

from conversations.inbound.mailboxes.keeper import Keeper


class Command(BaseCommand):
    help = "Read mailboxes (IMAP) and keep what comes; SIGTERM ends it."

    def handle(self, *args: Any, **options: Any) -> None:
        keeper = Keeper()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_received: keeper.stop())
        keeper.run()
