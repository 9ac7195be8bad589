"""Both private servers together, each only where no address of another is set."""

import os
import time
from collections.abc import Callable
from pathlib import Path

from agentdesk.ops.launcher.servers.postgres import Postgres
from agentdesk.ops.launcher.servers.valkey import Valkey

Server = Postgres | Valkey


def wanted(
    var: Path, *, durable: bool = True, say: Callable[[str], None]
) -> list[Server]:
    """The servers to run in `var`: none for which DATABASE_URL or REDIS_URL is set."""
    servers: list[Server] = []
    if not os.environ.get("DATABASE_URL"):
        servers.append(Postgres(var, durable=durable, say=say))
    if not os.environ.get("REDIS_URL"):
        servers.append(Valkey(var, say=say))
    return servers


def start(servers: list[Server]) -> None:
    """All of them ready, or an exception and none of them running."""
    try:
        for server in servers:
            server.start()
    except BaseException:
        stop(servers)
        raise


def stop(servers: list[Server], *, patience: float = 5) -> None:
    """Ask all at once, then wait for each; nothing of them runs when this returns."""
    for server in servers:
        if server.child is not None:
            server.child.ask_to_stop()
    deadline = time.monotonic() + patience
    for server in servers:
        server.settle(deadline)
