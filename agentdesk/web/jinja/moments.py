"""The filter `date`: Django's, with short ways for the two forms that a thread is full of."""

import datetime
from typing import Any

from django.template import defaultfilters
from django.utils import timezone


def date(value: Any, style: str) -> str:
    """A moment in the reader's time zone; empty for None."""
    if isinstance(value, datetime.datetime):
        if timezone.is_aware(value):
            value = timezone.localtime(value)
        if style == "c":
            return str(value.isoformat())
        if style == "H:i":
            return f"{value.hour:02}:{value.minute:02}"
    return str(defaultfilters.date(value, style)) if value else ""
