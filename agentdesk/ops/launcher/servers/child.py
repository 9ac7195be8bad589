"""A child process: tethered to us, in a session of its own, stopped in steps."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO

from agentdesk.ops.launcher.servers import tether
from agentdesk.ops.launcher.servers.account import Account

# Every process of ours carries the var folder it belongs to, to be found again.
MARK = "AGENTDESK_UP"


class Child:
    """One running program. `output` is a file, or None for a pipe to be read; `shared`
    are file descriptors that it finds under the same numbers.
    """

    def __init__(
        self,
        program: Sequence[str | Path],
        *,
        folder: Path,
        environment: Mapping[str, str],
        polite: signal.Signals = signal.SIGTERM,
        account: Account | None = None,
        output: IO[bytes] | None = None,
        shared: Sequence[int] = (),
    ) -> None:
        uid, gid = account or (-1, -1)
        # A session of its own: Ctrl-C in the terminal is for us alone to pass on.
        self.process = subprocess.Popen(  # noqa: S603 (programs of ours only)
            [
                *(sys.executable, "-I", "-S", tether.__file__),
                *(str(number) for number in (os.getpid(), int(polite), uid, gid)),
                *(str(word) for word in program),
            ],
            cwd=folder,
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            stdout=output or subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            pass_fds=shared,
        )
        self.polite = polite

    @property
    def pid(self) -> int:
        return self.process.pid

    @property
    def returncode(self) -> int | None:
        return self.process.returncode

    def is_alive(self) -> bool:
        return self.process.poll() is None

    def ask_to_stop(self) -> None:
        if self.is_alive():
            self.process.send_signal(self.polite)

    def wait(self, deadline: float) -> bool:
        """True once it has ended, False if it has not by `deadline` (monotonic)."""
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(timeout=max(0.0, deadline - time.monotonic()))
        return not self.is_alive()

    def kill(self) -> None:
        """End it and all that it started, now."""
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
