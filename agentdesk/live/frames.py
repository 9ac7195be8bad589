"""What clients say on their sockets."""

import json
from typing import Any


def read_frame(text: str) -> dict[str, Any]:
    """The frame, or an empty one where it is not understood."""
    try:
        frame = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return frame if isinstance(frame, dict) else {}
