"""A PBX for trying out: rings an extension through the real API, over HTTP."""

import hashlib
import json
import os
import secrets
import time
import urllib.error
import urllib.request
from argparse import ArgumentParser
from typing import Any
from uuid import uuid4

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from agentdesk.accounts.models import Membership
from conversations.choices import Channel
from conversations.models import Inbox, InboxApiKey


class Command(BaseCommand):
    help = (
        "Rings an extension as a PBX would: posts ringing, answered and ended to the "
        "running desk, with an API key that is made for this call and revoked after it."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--from", dest="caller", required=True, metavar="NUMBER")
        parser.add_argument("--to", required=True, metavar="EXTENSION")
        parser.add_argument("--account", default="", metavar="SLUG")
        port = os.environ.get("PORT") or "8000"
        parser.add_argument("--url", default=f"http://127.0.0.1:{port}")
        parser.add_argument(
            "--ring", type=float, default=5, help="seconds it rings (5)"
        )
        parser.add_argument(
            "--seconds",
            type=float,
            default=0,
            help="the handset is answered and hangs up after so long; without it the "
            "call keeps ringing until an agent takes it on the screen",
        )
        parser.add_argument(
            "--no-answer",
            action="store_true",
            help="the caller gives up: a missed call",
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        inbox = _phone_inbox(options["account"], options["to"])
        url = f"{options['url'].rstrip('/')}/api/v1/calls/events"
        secret = f"adk_{secrets.token_urlsafe(32)}"
        key = InboxApiKey.objects.create(
            inbox=inbox,
            prefix=secret[:12],
            key_hash=hashlib.sha256(secret.encode()).hexdigest(),
        )
        call = {
            "call_id": f"simulated-{uuid4()}",
            "from": options["caller"],
            "to": options["to"],
        }
        try:
            self._play(url, secret, call, options)
        finally:
            key.revoked_at = timezone.now()
            key.save(update_fields=["revoked_at"])

    def _play(
        self, url: str, secret: str, call: dict[str, str], options: dict[str, Any]
    ) -> None:
        self._post(url, secret, call, "ringing")
        if options["seconds"]:
            time.sleep(options["ring"])
            self._post(url, secret, call, "answered")
            time.sleep(options["seconds"])
            self._post(url, secret, call, "ended")
        elif options["no_answer"]:
            time.sleep(options["ring"])
            self._post(url, secret, call, "ended")

    def _post(self, url: str, secret: str, call: dict[str, str], event: str) -> None:
        body = {**call, "type": event, "at": timezone.now().isoformat()}
        request = urllib.request.Request(  # noqa: S310  # the address is the operator's
            url,
            data=json.dumps(body).encode(),
            headers={
                "Authorization": f"Bearer {secret}",
                "Content-Type": "application/json",
            },
        )
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310
                answer.read()
        except urllib.error.HTTPError as error:
            words = error.read().decode(errors="replace")[:500]
            raise CommandError(f"The desk answered {error.code}: {words}") from None
        except (OSError, ValueError) as error:
            raise CommandError(
                f"No desk answers at {url} (PORT=… or --url): {error}"
            ) from None
        self.stdout.write(f"{event}: {call['from']} → {call['to']}")


def _phone_inbox(slug: str, extension: str) -> Inbox:
    """The phone inbox of the account named, or of the one with that extension."""
    inboxes = Inbox.objects.running().filter(channel=Channel.PHONE)
    holder = Membership.objects.active().filter(extension=extension).first()
    if slug:
        inboxes = inboxes.filter(account__slug=slug)
    elif extension and holder is not None:
        inboxes = inboxes.filter(account_id=holder.account_id)
    inbox = inboxes.order_by("pk").first()
    if inbox is None:
        where = f"account {slug!r}" if slug else "any account"
        raise CommandError(f"There is no active phone inbox in {where}.")
    return inbox
