"""The log as a CSV file, in pieces: it may be long, and the reader's memory is not."""

import csv
import io
from collections.abc import Iterator
from zoneinfo import ZoneInfo

from django.db.models import QuerySet
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from agentdesk.audit.entries import ORDER, changes
from agentdesk.audit.models import AuditEntry
from agentdesk.audit.names import action_name
from agentdesk.web.keyset import page

_ROWS = 1000
# The wide ones too: a Japanese spreadsheet takes them for the narrow ones.
_FORMULA = tuple("=+-@\t\r\n＝＋－＠")
_BOM = "\ufeff"


def safe_cell(text: str) -> str:
    """A cell that a spreadsheet reads as text, whatever somebody has typed into it."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def csv_pieces(
    rows: QuerySet[AuditEntry], *, language: str, zone: str
) -> Iterator[bytes]:
    """UTF-8 with a byte order mark, newest first, in the reader's words and time."""
    cursor, is_first = "", True
    while is_first or cursor:
        piece, cursor = _piece(rows, cursor, is_first, language, zone)
        is_first = False
        yield piece.encode()


def _piece(
    rows: QuerySet[AuditEntry], cursor: str, is_first: bool, language: str, zone: str
) -> tuple[str, str]:
    found = page(rows, ORDER, cursor=cursor, size=_ROWS)
    text = io.StringIO()
    writer = csv.writer(text)
    with translation.override(language), timezone.override(ZoneInfo(zone)):
        if is_first:
            text.write(_BOM)
            writer.writerow(_header())
        for entry in found.rows:
            writer.writerow([safe_cell(cell) for cell in _cells(entry)])
    return text.getvalue(), found.next_cursor


def _header() -> list[str]:
    return [
        _("When"),
        _("Client company"),
        _("Who"),
        _("What"),
        _("On what"),
        _("Before → after"),
        _("From address"),
    ]


def _cells(entry: AuditEntry) -> list[str]:
    lines = [
        f"{change.field}: {change.before} → {change.after}" for change in changes(entry)
    ]
    return [
        timezone.localtime(entry.at).isoformat(sep=" ", timespec="seconds"),
        entry.account.name if entry.account else "",
        entry.actor.name if entry.actor else "",
        action_name(entry.action),
        entry.target_label,
        "\n".join(lines),
        entry.address or "",
    ]
