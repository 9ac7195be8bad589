from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from agentdesk.accounts.actions.recover_sign_in import issue_recovery_link
from agentdesk.accounts.models import User


class Command(BaseCommand):
    help = (
        "Print a one-time link for a new password, for an admin whom nobody else can "
        "help back in. It stands in the audit log."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email")
        parser.add_argument(
            "--lost-phone",
            action="store_true",
            help="take away two-step sign-in as well: it is set up anew afterwards",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        email = options["email"].strip().lower()
        user = User.objects.filter(email=email).first()
        if user is None:
            raise CommandError(f"Nobody signs in with {email}.")
        if not user.is_active:
            raise CommandError(f"{email} is switched off, and stays so.")
        link = issue_recovery_link(user, without_second_step=options["lost_phone"])
        self.stdout.write(link)
