"""Filters of every template: numbers, money and clocks as the reader writes them."""

from datetime import timedelta

from django import template
from django.utils.formats import number_format

register = template.Library()


@register.filter
def money(amount: int | None) -> str:
    """Yen, grouped: ¥12,800."""
    return "" if amount is None else f"¥{number_format(amount, force_grouping=True)}"


@register.filter
def clock(length: timedelta | int | None) -> str:
    """A length of time as m:ss, or h:mm:ss from an hour on."""
    if length is None:
        return ""
    seconds = int(length.total_seconds() if isinstance(length, timedelta) else length)
    minutes, seconds = divmod(max(seconds, 0), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"
