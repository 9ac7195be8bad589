"""Waiting for what another thread or process does."""

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


def until(
    condition: Callable[[], T], seconds: float = 60, why: Callable[[], str] = str
) -> T:
    """What `condition` says once it is true; after `seconds` the test has failed."""
    deadline = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < deadline, why() or "it did not happen"
        time.sleep(0.01)
    return found
