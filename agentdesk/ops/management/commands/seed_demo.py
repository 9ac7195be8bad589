from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from agentdesk.ops.demo import sign_ins
from agentdesk.ops.demo.load import NotEmptyError, Size, load_demo


class Command(BaseCommand):
    help = (
        "Fills an empty database with the demo: two client companies, their customers, "
        "purchases and conversations. The same seed gives the same demo."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        usual = Size()
        parser.add_argument("--customers", type=int, default=usual.customers)
        parser.add_argument("--messages", type=int, default=usual.messages)
        parser.add_argument("--seed", type=int, default=1)

    def handle(self, *_args: Any, **options: Any) -> None:
        size = Size(options["customers"], options["messages"])
        if size.customers < 1 or size.messages < 0:
            raise CommandError("The demo needs at least one customer.")
        try:
            load_demo(size, seed=options["seed"], say=self.stdout.write)
        except NotEmptyError:
            raise CommandError(
                "The database is not empty: the demo is only loaded into an empty one, "
                "so that it never mixes with real customers."
            ) from None
        self.stdout.write("The demo is loaded. Sign in as:")
        for role, email, password in sign_ins():
            self.stdout.write(f"  {email}  {password}  ({role})")
