"""From when on a customer who waits is shown to wait long, and too long."""

from datetime import datetime, timedelta

from django import template
from django.utils import timezone

register = template.Library()

LONG = timedelta(minutes=10)
TOO_LONG = timedelta(minutes=60)


@register.simple_tag
def long_seconds() -> int:
    return int(LONG.total_seconds())


@register.simple_tag
def too_long_seconds() -> int:
    return int(TOO_LONG.total_seconds())


@register.filter
def waiting_tone(since: datetime) -> str:
    """The tone a row begins with; time.js goes on by the two numbers above."""
    waited = timezone.now() - since
    if waited >= TOO_LONG:
        return "danger"
    return "warning" if waited >= LONG else "neutral"
