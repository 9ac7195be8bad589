"""Filters of every template: numbers, money and clocks as the reader writes them."""

from datetime import date, datetime, timedelta

from django import template
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext, ngettext

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


@register.filter
def short_moment(value: datetime | None) -> str:
    """As short as can be understood: 14:05 today, then 11/21, before 2025/11/21.

    In English 21 Nov and 21 Nov 2025: the month in letters cannot be taken for a day.
    """
    if value is None:
        return ""
    local, now = timezone.localtime(value), timezone.localtime()
    if local.date() == now.date():
        return date_format(local, "H:i")
    is_this_year = local.year == now.year
    return date_format(local, gettext("j M") if is_this_year else gettext("j M Y"))


@register.filter
def elapsed(value: datetime | None) -> str:
    """How long since then, in its largest unit: 18 min, 3 h, 2 d."""
    if value is None:
        return ""
    minutes = max(int((timezone.now() - value).total_seconds() // 60), 0)
    if minutes < 60:
        return ngettext("%(count)s min", "%(count)s min", minutes) % {"count": minutes}
    hours = minutes // 60
    if hours < 24:
        return ngettext("%(count)s h", "%(count)s h", hours) % {"count": hours}
    days = hours // 24
    return ngettext("%(count)s d", "%(count)s d", days) % {"count": days}


@register.filter
def day_heading(day: date) -> str:
    """Today, Yesterday, or the date with its weekday: 11月21日（土）."""
    today = timezone.localdate()
    if day == today:
        return gettext("Today")
    if day == today - timedelta(days=1):
        return gettext("Yesterday")
    style = gettext("D, j M") if day.year == today.year else gettext("D, j M Y")
    return date_format(day, style)
