"""The page on which one writes as a customer: one inbox at a time, and its thread."""

from functools import partial
from urllib.parse import urlencode

import httpx2
import pytest

from conversations.adapters.base import Connection
from conversations.adapters.line.simulator.api import LineSimulator
from conversations.adapters.simulation.base import Line
from conversations.simulators.server import served

FIRST = Connection("first-key", "こがね 本店", secrets={"channel_secret": "1"})
SECOND = Connection("second-key", "こがね 通販", secrets={"channel_secret": "2"})


class Unheard(LineSimulator):
    def post_event(self, *args, **more):
        return 200  # no desk hears of it


@pytest.fixture
def simulator():
    return Unheard(lambda: [FIRST, SECOND])


@pytest.fixture
def page(simulator):
    with served({"line": simulator}) as address:

        def get(**query: str) -> str:
            return httpx2.get(f"{address}/line/?{urlencode(query)}").text

        get.write = partial(httpx2.post, f"{address}/line/_write")
        yield get


def test_each_inbox_shows_what_was_said_to_it_and_by_it(page, simulator):
    form = {"person": "1", "kind": "text"}
    page.write(data=form | {"inbox": "first-key", "text": "本店へ"})
    answer = page.write(data=form | {"inbox": "second-key", "text": "通販へ"})
    assert answer.headers["location"] == "/line/?person=1&inbox=second-key"
    simulator.add_line(Line("1", True, "通販から", "7"), SECOND)
    first, second = page(inbox="first-key"), page(inbox="second-key")
    assert ">本店へ</li>" in first  # white space would show
    assert "通販へ" not in first
    assert "通販から" not in first
    assert "本店へ" not in second
    assert second.index("通販へ") < second.index("通販から")


def test_one_writes_to_the_inbox_that_was_chosen(page):
    assert page().count("<form") == 1
    assert 'name="inbox" value="first-key"' in page()
    assert 'name="inbox" value="second-key"' in page(inbox="second-key")
    assert 'name="inbox" value="first-key"' in page(inbox="gone")
    second = " ".join(page(inbox="second-key").split())
    assert '&amp;inbox=second-key" aria-current="page"' in second


def test_the_last_message_is_the_last_to_this_inbox(page, simulator):
    form = {"person": "1", "kind": "text"}
    page.write(data=form | {"inbox": "first-key", "text": "本店へ"})
    page.write(data=form | {"inbox": "second-key", "text": "通販へ"})
    page.write(data={"person": "1", "kind": "unsend", "inbox": "first-key"})
    assert [line.text for line in simulator.lines] == ["", "通販へ"]
