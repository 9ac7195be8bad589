"""How many segments a text takes; `test_segments.py` in the browser counts the same."""

import json
from pathlib import Path

import pytest

from conversations.adapters.sms.segments import count_segments

CASES = json.loads(Path(__file__).with_name("segments.json").read_text("utf-8"))


@pytest.mark.parametrize("case", CASES, ids=range(len(CASES)))
def test_a_text_takes_so_many_segments(case):
    counted = count_segments(case["text"])
    assert (counted.count, counted.left) == (case["count"], case["left"])
