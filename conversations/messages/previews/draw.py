"""Asking the child for a picture, and not waiting for it for ever."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import IO

SECONDS = 20.0
_CHILD = "conversations.messages.previews.child"
_ROOT = Path(__file__).resolve().parents[3]


class NoPreviewError(Exception):
    """Nothing can be drawn: damaged, locked, too large, or it takes too long."""


@dataclass(frozen=True)
class Preview:
    """`width` and `height` are those of the whole picture, held upright."""

    jpeg: bytes
    width: int
    height: int


def draw(file: IO[bytes], *, seconds: float = SECONDS) -> Preview:
    """A small picture of an image or of the first page of a PDF. Raises NoPreviewError."""
    try:
        done = subprocess.run(  # noqa: S603  # our own module, no shell
            [sys.executable, "-m", _CHILD],
            stdin=file,
            capture_output=True,
            timeout=seconds,
            cwd=_ROOT,
            env={"PATH": os.environ.get("PATH", ""), "OMP_NUM_THREADS": "1"},
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise NoPreviewError("it took too long") from error
    head, _line, jpeg = done.stdout.partition(b"\n")
    if done.returncode != 0 or not jpeg:
        errors = done.stderr.decode(errors="replace").strip().splitlines()
        raise NoPreviewError(errors[-1][:200] if errors else f"exit {done.returncode}")
    dimensions = json.loads(head)
    return Preview(jpeg, int(dimensions["width"]), int(dimensions["height"]))
