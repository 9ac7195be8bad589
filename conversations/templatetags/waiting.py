"""From when on a customer who waits is shown to wait long, and too long."""

from datetime import datetime, timedelta

from django import template
from django.utils import timezone

register = template.Library()

LONG = timedelta(minutes=10)
TOO_LONG = timedelta(minutes=60)


@register.filter
def long_after(since: datetime) -> datetime:
    return since + LONG


@register.filter
def too_long_after(since: datetime) -> datetime:
    return since + TOO_LONG


@register.filter
def waiting_tone(since: datetime) -> str:
    """The tone a row begins with; time.js goes on by the two moments above."""
    waited = timezone.now() - since
    if waited >= TOO_LONG:
        return "danger"
    return "warning" if waited >= LONG else "neutral"
