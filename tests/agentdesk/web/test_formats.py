"""Dates and times: one family a language, day first and 24 hours in English."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.template import engines
from django.utils import timezone, translation

MOMENT = datetime(2026, 6, 15, 14, 12, tzinfo=UTC)  # 23:12 in Tokyo


def written(language: str, text: str, **values) -> str:
    template = engines["django"].from_string("{% load tz %}" + text)
    with translation.override(language), timezone.override("Asia/Tokyo"):
        return template.render(values)


@pytest.mark.parametrize(
    ("name", "english", "japanese"),
    [
        ("DATE_FORMAT", "15 Jun 2026", "2026年6月15日"),
        ("SHORT_DATE_FORMAT", "15 Jun 2026", "2026/06/15"),
        ("DATETIME_FORMAT", "15 Jun 2026, 23:12", "2026年6月15日23:12"),
        ("SHORT_DATETIME_FORMAT", "15 Jun 2026, 23:12", "2026/06/15 23:12"),
        ("MONTH_DAY_FORMAT", "15 Jun", "6月15日"),
        ("TIME_FORMAT", "23:12", "23:12"),
    ],
)
def test_every_named_format_is_of_one_family(name, english, japanese):
    text = f'{{{{ moment|date:"{name}" }}}}'
    assert written("en", text, moment=MOMENT) == english
    assert written("ja", text, moment=MOMENT) == japanese


@pytest.mark.parametrize(
    ("before", "english", "japanese"),
    [
        (timedelta(), "23:12", "23:12"),
        (timedelta(days=9), "6 Jun", "6/6"),
        (timedelta(days=365), "15 Jun 2025", "2025/6/15"),
    ],
)
@time_machine.travel(MOMENT, tick=False)
def test_a_moment_of_a_list_is_as_short_as_can_be(before, english, japanese):
    moment = MOMENT - before
    assert written("en", "{{ moment|short_moment }}", moment=moment) == english
    assert written("ja", "{{ moment|short_moment }}", moment=moment) == japanese


@time_machine.travel(MOMENT, tick=False)
def test_the_day_of_a_thread_is_written_alike():
    day, last_year = date(2026, 6, 7), date(2025, 6, 7)
    text = "{{ day|day_heading }}"
    assert written("en", text, day=day) == "Sun, 7 Jun"
    assert written("en", text, day=last_year) == "Sat, 7 Jun 2025"
    assert written("ja", text, day=day) == "6月7日（日）"
    assert written("ja", text, day=last_year) == "2025年6月7日（土）"
