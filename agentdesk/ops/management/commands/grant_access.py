from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from agentdesk import environment
from agentdesk.database_roles import grant_access, make_role


class Command(BaseCommand):
    help = (
        "Let a role of the database run the desk without owning its tables. Run as their "
        "owner, after every migrate. With POSTGRES_APP_PASSWORD the role is made as well."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("role")

    def handle(self, *args: Any, **options: Any) -> None:
        role, password = options["role"], environment.text("POSTGRES_APP_PASSWORD")
        if password:
            make_role(role, password)
        grant_access(role)
        self.stdout.write(f"{role} may run the desk.")
