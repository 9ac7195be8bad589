"""Time zones and phone regions, named in the reader's language."""

from datetime import datetime
from functools import lru_cache
from zoneinfo import ZoneInfo, available_timezones

import phonenumbers
from babel import Locale
from babel.dates import get_timezone_location
from django.utils import timezone
from django.utils.translation import get_language


def _language() -> str:
    return "en" if (get_language() or "ja").startswith("en") else "ja"


@lru_cache(maxsize=1)
def zone_names() -> frozenset[str]:
    """Every zone that is named after a place."""
    return frozenset(
        name
        for name in available_timezones()
        if "/" in name and not name.startswith(("Etc/", "posix/", "right/", "US/"))
    ) | {"UTC"}


def time_zones() -> list[tuple[str, str]]:
    """(Asia/Tokyo, 東京 (UTC+09:00)) by name."""
    return _time_zones(_language(), timezone.now().date().isoformat()[:7])


@lru_cache(maxsize=4)
def _time_zones(language: str, month: str) -> list[tuple[str, str]]:
    at = datetime.fromisoformat(f"{month}-15T12:00+00:00")
    return [
        (name, f"{get_timezone_location(name, locale=language)} ({_offset(name, at)})")
        for name in sorted(zone_names())
    ]


def _offset(name: str, at: datetime) -> str:
    text = at.astimezone(ZoneInfo(name)).strftime("%z")
    return f"UTC{text[:3]}:{text[3:5]}"


def phone_regions() -> list[tuple[str, str]]:
    """(JP, 日本 (+81)): Japan first, then by name."""
    return _phone_regions(_language())


@lru_cache(maxsize=4)
def _phone_regions(language: str) -> list[tuple[str, str]]:
    names = Locale.parse(language).territories
    regions = [
        (
            code,
            f"{names.get(code, code)} (+{phonenumbers.country_code_for_region(code)})",
        )
        for code in phonenumbers.SUPPORTED_REGIONS
    ]
    return sorted(regions, key=lambda region: (region[0] != "JP", region[1]))
