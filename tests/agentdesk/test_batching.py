"""What several ask for at the same moment is carried out at once."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Event

import pytest

from agentdesk.batching import Together
from tests.waiting import until

_PATIENCE = 20


class Counter:
    """Keeps the batch that is at work until it is let go; then answers with doubles."""

    def __init__(self) -> None:
        self.batches: list[list[int]] = []
        self.has_begun = Event()
        self.may_go_on = Event()
        self.error: Exception | None = None

    def __call__(self, requests: Sequence[int]) -> list[int | None]:
        self.batches.append(list(requests))
        self.has_begun.set()
        assert self.may_go_on.wait(_PATIENCE)
        if self.error is not None:
            raise self.error
        return [each * 2 if each else None for each in requests]


@pytest.fixture
def counter() -> Counter:
    return Counter()


@pytest.fixture
def together(counter: Counter) -> "Together[int, int]":
    return Together(counter)


Submit = Callable[[int], "Future[int | None]"]


@pytest.fixture
def submit(together: "Together[int, int]", counter: Counter) -> Iterator[Submit]:
    """Ask in a thread of its own, and go on once it waits or is at work."""
    with ThreadPoolExecutor(10) as threads:

        def submitted(number: int) -> "Future[int | None]":
            future = threads.submit(together.submit, number)
            until(lambda: number in counter.batches[0] or _waits(together, number))
            return future

        yield submitted


def _waits(together: "Together[int, int]", number: int) -> bool:
    return number in [turn.request for turn in together._waiting]


def test_who_asks_alone_waits_for_nobody(together, counter):
    counter.may_go_on.set()
    assert together.submit(4) == 8
    assert together.submit(5) == 10
    assert counter.batches == [[4], [5]]


def test_who_comes_while_one_is_at_work_goes_in_one_batch(submit, counter):
    futures = [submit(number) for number in range(1, 7)]
    counter.may_go_on.set()
    assert [one.result(_PATIENCE) for one in futures] == [2, 4, 6, 8, 10, 12]
    assert counter.batches == [[1], [2, 3, 4, 5, 6]]


def test_one_alone_hears_what_went_wrong(together, counter):
    counter.may_go_on.set()
    counter.error = ValueError("no")
    with pytest.raises(ValueError, match="no"):
        together.submit(1)
    counter.error = None
    assert together.submit(2) == 4


def test_of_a_batch_that_fails_each_goes_alone(submit, together, counter):
    futures = [submit(number) for number in (1, 2, 3)]
    counter.error = ValueError("no")
    counter.may_go_on.set()
    with pytest.raises(ValueError, match="no"):
        futures[0].result(_PATIENCE)
    assert [one.result(_PATIENCE) for one in futures[1:]] == [None, None]
    counter.error = None
    assert together.submit(4) == 8


def test_who_is_left_out_of_the_answer_goes_alone(together, counter):
    counter.may_go_on.set()
    assert together.submit(0) is None
