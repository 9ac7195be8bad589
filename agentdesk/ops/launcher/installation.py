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
    found = subprocess.run(  # noqa: S603  # a module of ours
        [sys.executable, "-m", __name__],
        cwd=BASE_DIR,
        env=os.environ,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if found.returncode:
        raise StartError(found.stderr.strip())
    return Installation(**json.loads(found.stdout))


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
