"""The command line of `up`. manage.py comes here without loading Django."""

import os
import sys
from argparse import ArgumentParser
from collections.abc import Sequence

from agentdesk.ops.launcher.run import Desk
from agentdesk.ops.launcher.servers.errors import StartError

HELP = "Run the desk: database, web, worker and beat together, in one log."


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--no-demo", action="store_true", help="start empty, for real work"
    )
    parser.add_argument(
        "--port", default=os.environ.get("PORT") or "8000", help="default: 8000"
    )
    parser.add_argument("--bind", default="127.0.0.1", help="default: 127.0.0.1")


def run(*, bind: str, port: str, no_demo: bool) -> int:
    """The exit code; where it cannot start, after one sentence."""
    try:
        desk = Desk(address=bind, port=port, with_demo=not no_demo)
    except StartError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return desk.run()


def main(words: Sequence[str]) -> int:
    parser = ArgumentParser(prog="manage.py up", description=HELP)
    add_arguments(parser)
    return run(**vars(parser.parse_args(words)))
