"""Loads the product once and forks its programs, so that it lies in memory once (Linux).

usage: python -m agentdesk.ops.launcher.zygote CONTROL KEEPER ROOM

CONTROL is the number of a socket on which the process KEEPER (`up`) orders programs;
ROOM is there to be written over by the names of what is forked. Whatever is forked
becomes a child of KEEPER: it goes on when this process dies, and ends when KEEPER does.
"""

import atexit
import json
import os
import runpy
import signal
import socket
import sys
import threading
import time
import traceback

import django

from agentdesk.ops.launcher import preload
from agentdesk.ops.launcher.orders import GO, LONGEST_ORDER, READY
from agentdesk.ops.launcher.servers import linux

_ADOPTION_SECONDS = 5.0


def main() -> None:
    control = socket.socket(fileno=int(sys.argv[1]))
    keeper = int(sys.argv[2])
    linux.set_title("zygote", "agentdesk zygote: forks the other programs")
    preload.load()
    control.sendall(READY)
    while True:
        order, descriptors, *_rest = socket.recv_fds(control, LONGEST_ORDER, 2)
        if not order:
            return
        if os.fork() == 0:
            # The one in between ends at once: KEEPER adopts what it leaves behind.
            if os.fork() == 0:
                control.close()
                _end(_run(order, *descriptors, keeper=keeper))
            os._exit(0)
        os.wait()
        for descriptor in descriptors:
            os.close(descriptor)


def _run(order: bytes, output: int, report: int, *, keeper: int) -> int:
    try:
        name, words = json.loads(order)
        for descriptor in (1, 2):
            os.dup2(output, descriptor)
        os.close(output)
        # A session of its own: Ctrl-C in the terminal is for `up` alone to pass on.
        os.setsid()
        linux.set_title(name, f"agentdesk {name}: {' '.join(words)}")
        if not _belongs_to(keeper) or not _may_go(report):
            return 1
        # It is set up: once more would write into what is shared.
        django.setup = _do_nothing
        sys.argv = list(words)
        runpy.run_module(words[0], run_name="__main__", alter_sys=True)
    except SystemExit as end:
        return _code(end)
    except BaseException:  # noqa: BLE001  # nobody is above to show it
        traceback.print_exc()
        return 1
    return 0


def _do_nothing(set_prefix: bool = True) -> None:
    pass


def _belongs_to(keeper: int) -> bool:
    """Wait for the adoption, and end with the new parent from then on."""
    deadline = time.monotonic() + _ADOPTION_SECONDS
    while os.getppid() != keeper:
        if time.monotonic() > deadline:
            return False
        time.sleep(0.001)
    linux.end_with_parent(signal.SIGTERM)
    return os.getppid() == keeper


def _may_go(report: int) -> bool:
    """False where nobody has waited: the program may have been started otherwise."""
    with socket.socket(fileno=report) as reporting:
        reporting.sendall(str(os.getpid()).encode())
        return reporting.recv(len(GO)) == GO


def _code(end: SystemExit) -> int:
    if end.code is None or isinstance(end.code, int):
        return end.code or 0
    sys.stderr.write(f"{end.code}\n")
    return 1


def _end(code: int) -> None:
    """As the interpreter ends, but for tearing down what is shared with the others."""
    try:
        threading._shutdown()  # type: ignore[attr-defined]  # as multiprocessing does
        atexit._run_exitfuncs()
    finally:
        os._exit(code)


if __name__ == "__main__":
    main()
