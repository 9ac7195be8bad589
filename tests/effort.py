"""How much work something is, on a machine that others use as well.

Processor time alone says how busy the machine is: who shares the core makes two seconds
of one. So a piece of work that is always the same is measured in turn with it, and what
slows the one slows the other. To count calls or lines instead would miss what a hostile
text costs most, which is spent within C: by regular expressions, lxml and nh3.
"""

import re
import time
from collections.abc import Callable
from itertools import accumulate

# What `_yardstick` takes on a quiet core of the machine the bounds were set on.
_QUIET = 0.169
_ATTEMPTS = 3
_WORD = re.compile(r"\d+|[a-z]+|\W")
# Large enough not to stay in the cache of a core: what shares that slows both as well.
_TEXT = "4111-2222 <b>文</b> a=1&" * 16_000


def assert_effort_below(
    seconds: float, work: Callable[[], object], attempts: int = _ATTEMPTS
) -> None:
    """Fails what takes more processor time than that on a quiet core, each time."""
    found: list[float] = []
    for _attempt in range(attempts):
        found.append(effort(work))
        if found[-1] < seconds:
            return
    raise AssertionError(f"{min(found):.2f} seconds of a quiet core, not {seconds}")


def effort(work: Callable[[], object]) -> float:
    """Its processor time, in seconds of a quiet core."""
    before = _cost(_yardstick)
    cost = _cost(work)
    return cost * 2 * _QUIET / (before + _cost(_yardstick))


def _cost(work: Callable[[], object]) -> float:
    began = time.process_time()
    work()
    return time.process_time() - began


def _yardstick() -> dict[tuple[int, int], int]:
    spans = [match.span() for match in _WORD.finditer(_TEXT)]
    starts = list(accumulate(end - start for start, end in spans))
    return {span: starts[index] for index, span in enumerate(spans)}
