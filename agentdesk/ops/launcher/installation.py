"""What `up` has to know of the settings, read by a process of its own.

Settings load Django, Celery's transport and more; `up` runs for months and needs none.
"""

import json
import os
import subprocess
import sys
from dataclasses import asdict, dataclass
from pathlib import Path

from agentdesk.ops.launcher.servers.errors import StartError

BASE_DIR = Path(__file__).resolve().parent.parent.parent.parent


@dataclass(frozen=True)
class Installation:
    var: str
    public_url: str
    time_zone: str
    web_processes: int
    worker_processes: int
    is_preforked: bool


def read() -> Installation:
    """Raises StartError with the sentence that says which value is wrong."""
    return Installation(**json.loads(_answer_of(__name__)))


def check_addresses() -> None:
    """Raises StartError where a server that is not ours does not answer."""
    if os.environ.get("DATABASE_URL") or os.environ.get("REDIS_URL"):
        _answer_of("agentdesk.ops.launcher.addresses")


def _answer_of(module: str) -> str:
    """What it writes. Where it fails its last words are the sentence of a StartError."""
    done = subprocess.run(  # noqa: S603  # a module of ours
        [sys.executable, "-m", module],
        cwd=BASE_DIR,
        env=os.environ,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise StartError(done.stderr.strip())
    return done.stdout


def _main() -> None:
    from django.conf import settings  # noqa: PLC0415  # see above
    from django.core.exceptions import ImproperlyConfigured  # noqa: PLC0415

    from agentdesk import environment  # noqa: PLC0415

    try:
        installation = Installation(
            var=str(settings.VAR_DIR),
            public_url=settings.PUBLIC_URL,
            time_zone=settings.TIME_ZONE,
            web_processes=settings.WEB_PROCESSES,
            worker_processes=settings.WORKER_PROCESSES,
            is_preforked=environment.flag("PREFORK", default=True),
        )
    except ImproperlyConfigured as error:
        sys.exit(str(error))
    json.dump(asdict(installation), sys.stdout)


if __name__ == "__main__":
    _main()
