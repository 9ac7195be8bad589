"""The rows that were not taken, in a file beside the input."""

import csv
import json
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

from django.db import connection
from django.utils.translation import gettext as _

from agentdesk.card_masking import mask_cards
from customers.imports.base import WrongFileError
from customers.imports.values import guarded

_AT_ONCE = 2000
_CELL = 2000  # characters; a broken row may be a megabyte
_NEXT = """
    select line, reason, raw from import_rejected where (line, reason) > (%s, %s)
    order by line, reason limit %s
"""


def titles() -> list[str]:
    """Those of the columns that such a file has before the columns of the source."""
    return [_("line"), _("reason")]


def masked_cells(cells: list[str]) -> list[str]:
    """The cells as they may pass through the database on their way to that file."""
    return [mask_cards(cell, in_names=True) for cell in cells]


def path_beside(source: Path) -> Path:
    return source.with_name(source.name + ".rejected.csv")


def check_writable(source: Path) -> None:
    """Raises WrongFileError before anything is written anywhere."""
    if not os.access(source.parent, os.W_OK):
        raise WrongFileError(
            _(
                "Rejected rows could not be written: the folder of the file is read-only."
            )
        )


def count() -> int:
    with connection.cursor() as cursor:
        cursor.execute("select count(*) from import_rejected")
        return int(cursor.fetchone()[0])


def write(source: Path, header: list[str]) -> Path | None:
    """All rejected rows by line, replacing the file of an earlier run; None without any."""
    target = path_beside(source)
    if count() == 0:
        target.unlink(missing_ok=True)
        return None
    handle, name = tempfile.mkstemp(dir=source.parent, prefix=f".{target.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8-sig", newline="") as file:
            writer = csv.writer(file)
            writer.writerow([guarded(cell) for cell in (*titles(), *header)])
            for line, reason, raw in _rows():
                cells = [guarded(cell[:_CELL]) for cell in json.loads(raw)]
                writer.writerow([line, reason, *cells])
        Path(name).chmod(0o600)
        Path(name).replace(target)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    return target


def _rows() -> Iterator[tuple[int, str, str]]:
    after: tuple[int, str] = (0, "")
    with connection.cursor() as cursor:
        while True:
            cursor.execute(_NEXT, [*after, _AT_ONCE])
            rows = cursor.fetchall()
            yield from rows
            if len(rows) < _AT_ONCE:
                return
            after = rows[-1][:2]
