import json
import os
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import DatabaseError, connection, connections

from agentdesk.accounts.setup import setup_link
from agentdesk.ops import demo
from agentdesk.ops.launcher import preflight, prepare
from agentdesk.ops.launcher.servers.errors import StartError

_DISK_FULL = "53100"


class Command(BaseCommand):
    help = "Bring database, translations and static files up to date; `up` runs it."
    requires_system_checks = []
    requires_migrations_checks = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--demo", action="store_true", help="fill an empty desk")
        parser.add_argument(
            "--answer",
            type=int,
            help="the number of a pipe for what was found, as JSON",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        # It asks the database for a moment only: a pool's threads would go on, and
        # complain of every stop of the server.
        connection.settings_dict["OPTIONS"].pop("pool", None)
        try:
            answer = _prepared(with_demo=options["demo"])
        except (StartError, OSError, DatabaseError) as error:
            answer = {"refusal": _sentence(error)}
        finally:
            connections.close_all()
        if options["answer"] is None:
            self.stdout.write(answer.get("refusal", "Everything is up to date."))
            return
        with os.fdopen(options["answer"], "w", encoding="utf-8") as pipe:
            json.dump(answer, pipe)


def _prepared(*, with_demo: bool) -> dict[str, Any]:
    is_demo = prepare.everything(with_demo=with_demo)
    return {
        "is_demo": is_demo,
        "sign_ins": [list(map(str, one)) for one in demo.sign_ins()] if is_demo else [],
        "setup_link": None if is_demo else setup_link(),
    }


def _sentence(error: Exception) -> str:
    var = Path(settings.VAR_DIR)
    if isinstance(error, OSError):
        return preflight.sentence(error, var)
    if isinstance(error, DatabaseError):
        if getattr(error.__cause__, "sqlstate", None) == _DISK_FULL:
            return f"The disk is full: make room for {var}, then start again."
        return f"The database refuses: {str(error).strip()}"
    return str(error)
