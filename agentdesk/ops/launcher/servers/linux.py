"""What Linux alone offers about processes; elsewhere each of these does nothing."""

import ctypes
import sys
from pathlib import Path

_PR_SET_PDEATHSIG, _PR_SET_NAME, _PR_SET_CHILD_SUBREAPER = 1, 15, 36
# Of /proc/self/stat, counted behind the name: where the arguments of `exec` lie.
_ARGUMENTS_BEGIN, _ARGUMENTS_END = 45, 46
IS_LINUX = sys.platform == "linux"


def end_with_parent(number: int) -> None:
    """Send this process `number` once its parent of now has died."""
    _prctl(_PR_SET_PDEATHSIG, number)


def adopt_orphans() -> None:
    """Become the parent of every descendant whose own parent ends."""
    _prctl(_PR_SET_CHILD_SUBREAPER, 1)


def set_title(name: str, line: str) -> None:
    """What `top` calls this process, and what `ps` shows as its command line.

    The line is written over the arguments it was started with, and cut to their length.
    """
    if not IS_LINUX:
        return
    _prctl(_PR_SET_NAME, name.encode()[:15])
    stat = Path("/proc/self/stat").read_bytes().rpartition(b")")[2].split()
    begin, end = int(stat[_ARGUMENTS_BEGIN]), int(stat[_ARGUMENTS_END])
    room = end - begin - 1
    if begin and room > 1:
        text = line.encode()[: room - 1]
        # A last byte that is not empty makes the kernel read one line up to a zero.
        ctypes.memmove(begin, text.ljust(room, b"\0") + b".", room + 1)


def _prctl(option: int, value: int | bytes) -> None:
    if IS_LINUX:
        ctypes.CDLL(None).prctl(option, value)
