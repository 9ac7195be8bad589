"""Becomes another program that ends when its parent does. Standard library only.

usage: tether.py PARENT SIGNAL UID GID PROGRAM [ARGUMENT ...]   (UID -1 stays who it is)

A killed `manage.py up` cannot stop its children, so the kernel does (Linux only;
elsewhere the next start clears them away). It is a program of its own because the
wish is lost when a process changes its user, and because Python's `preexec_fn` is
not safe beside threads.
"""

import ctypes
import os
import sys

PR_SET_PDEATHSIG = 1


def main() -> None:
    parent, death_signal, uid, gid = (int(word) for word in sys.argv[1:5])
    program = sys.argv[5:]
    if uid >= 0:
        os.setgroups([])
        os.setgid(gid)
        os.setuid(uid)
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, death_signal)
    if os.getppid() != parent:
        sys.exit(1)
    os.execv(program[0], program)  # noqa: S606 (the whole purpose)


if __name__ == "__main__":
    main()
