"""An invitation in words, where nobody has written any."""

import re

_FOLD = re.compile(r"\r?\n[ \t]")
_LINE = re.compile(
    r"^(SUMMARY|DTSTART|DTEND|LOCATION|DESCRIPTION)(?:;[^:\n]{0,200})?:(.*)$",
    re.MULTILINE | re.IGNORECASE,
)
_TIME = re.compile(r"(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)\d\d(Z?))?")
_MOST = 20_000


def words_of_calendar(text: str) -> str:
    """Of its first event. Source: RFC 5545."""
    event = _FOLD.sub("", text[:_MOST]).partition("BEGIN:VEVENT")[2]
    fields: dict[str, str] = {}
    for line in _LINE.finditer(event.partition("END:VEVENT")[0]):
        fields.setdefault(line[1].upper(), _unescaped(line[2].strip()))
    begins, ends = _time(fields.get("DTSTART", "")), _time(fields.get("DTEND", ""))
    at = " – ".join(one for one in (begins, ends) if one)
    parts = [
        fields.get("SUMMARY", ""),
        at,
        fields.get("LOCATION", ""),
        fields.get("DESCRIPTION", ""),
    ]
    return "\n".join(one for one in parts if one)


def _unescaped(value: str) -> str:
    return re.sub(r"\\(.)", lambda match: "\n" if match[1] in "nN" else match[1], value)


def _time(value: str) -> str:
    match = _TIME.match(value)
    if match is None:
        return ""
    year, month, day, hour, minute, zulu = match.groups()
    date = f"{year}/{month}/{day}"
    return f"{date} {hour}:{minute}{' UTC' if zulu else ''}" if hour else date
