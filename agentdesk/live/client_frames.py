"""What clients say on their sockets."""

import json
import time
from typing import Any

_WINDOW = 10.0  # seconds


class Pace:
    """Whether a client keeps to `most` frames in ten seconds."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._count, self._since = 0, time.monotonic()

    def is_within_limit(self) -> bool:
        """With one frame more."""
        now = time.monotonic()
        if now - self._since > _WINDOW:
            self._count, self._since = 0, now
        self._count += 1
        return self._count <= self._most


def read_frame(text: str) -> dict[str, Any]:
    """The frame, or an empty one where it is not understood."""
    try:
        frame = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return frame if isinstance(frame, dict) else {}
