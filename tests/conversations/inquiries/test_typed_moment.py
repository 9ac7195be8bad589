"""A time as it is typed."""

from datetime import datetime, time
from zoneinfo import ZoneInfo

import pytest

from conversations.inquiries.typed_moment import typed_moment

# A Tuesday.
NOW = datetime(2026, 12, 1, 11, 20, tzinfo=ZoneInfo("Asia/Tokyo"))


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("明日15時", "2026-12-02 15:00"),
        ("あした 15時半", "2026-12-02 15:30"),
        ("明後日", "2026-12-03 10:00"),
        ("tomorrow 9:30", "2026-12-02 09:30"),
        ("tom 3pm", "2026-12-02 15:00"),
        ("金曜 午後2時", "2026-12-04 14:00"),
        ("fri", "2026-12-04 10:00"),
        ("火曜", "2026-12-08 10:00"),
        ("１２／２４", "2026-12-24 10:00"),
        ("12月24日 9時15分", "2026-12-24 09:15"),
        ("1/5 8:00", "2027-01-05 08:00"),
        ("@15:30", "2026-12-01 15:30"),
        ("@9:30", "2026-12-02 09:30"),
        ("90m", "2026-12-01 12:50"),
        ("2時間後", "2026-12-01 13:20"),
        ("3d", "2026-12-04 10:00"),
        ("2週間", "2026-12-15 10:00"),
    ],
)
def test_a_time_is_read_as_it_is_meant(text, moment):
    found = typed_moment(text, now=NOW, opening=lambda day: time(10))
    assert f"{found:%Y-%m-%d %H:%M}" == moment


@pytest.mark.parametrize(
    "text",
    ["", "99時", "25:00", "13/45 9:00", "x", "鈴木", "@", "12:75", "明日 なにか"],
)
def test_what_is_no_time_is_none(text):
    assert typed_moment(text, now=NOW, opening=lambda day: time(10)) is None
