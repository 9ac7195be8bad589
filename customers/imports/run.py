"""One import, from the file to the last batch: checks, staging, merge, report."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from django.db import DatabaseError, connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from agentdesk.accounts.models import ClientAccount
from agentdesk.audit import log
from customers.imports import order_tables, rejected
from customers.imports.base import (
    BadRowError,
    Counts,
    Kind,
    Progress,
    Source,
    StagedRow,
    WrongFileError,
)
from customers.imports.reading import RowReader, detect_encoding
from customers.imports.registry import IMPORTS
from customers.models import ImportRun

CHUNK = 5000
_RAW = 2000  # characters kept of a row that could not be cut into cells


@dataclass(frozen=True)
class Report:
    counts: Counts
    encoding: str
    rejected_file: Path | None
    seconds: float


def run_import(kind: str, path: Path, source: Source, progress: Progress) -> Report:
    """Raises WrongFileError, having written nothing, where the file is of no use."""
    started = time.monotonic()
    encoding = detect_encoding(path)
    rejected.check_writable(path)
    counts = Counts()
    importer = IMPORTS[kind](source, counts)
    reader = RowReader(path, encoding, skips_titles=True)
    try:
        importer.check_header(reader.header)
        with _only_one(source.account), _noted(kind, path, source, counts) as run:
            run.encoding = encoding.removesuffix("-sig")
            _stage(importer, reader, counts, progress)
            importer.merge(progress)
            counts.rows_rejected = rejected.count()
            rejected_file = rejected.write(path, reader.header)
    finally:
        reader.close()
    return Report(counts, run.encoding, rejected_file, time.monotonic() - started)


def _stage(
    importer: Kind, reader: RowReader, counts: Counts, progress: Progress
) -> None:
    importer.stage_tables()
    good: list[StagedRow] = []
    bad: list[StagedRow] = []
    started = time.monotonic()
    for row in reader:
        counts.rows_read += 1
        try:
            if row.fault:
                raise BadRowError(row.fault)
            staged = importer.staged(row.line, row.cells)
        except BadRowError as error:
            raw = _raw(row.cells or [row.raw])
            bad.append(importer.rejected(row.line, str(error), row.cells, raw))
        else:
            if staged is None:
                counts.rows_unfinished += 1
            else:
                good.append(staged)
        if counts.rows_read % CHUNK == 0:
            _flush(importer, good, bad)
            rate = counts.rows_read / max(time.monotonic() - started, 0.001)
            progress(
                _("%(rows)s rows read (%(rate)s a second)")
                % {"rows": counts.rows_read, "rate": round(rate)}
            )
    _flush(importer, good, bad)


def _raw(cells: list[str]) -> str:
    """The cells as JSON that PostgreSQL takes: no NUL, no half characters."""
    words = [
        cell[:_RAW].replace("\x00", "").encode("utf-8", "replace").decode()
        for cell in rejected.masked_cells(cells)
    ]
    return json.dumps(words, ensure_ascii=False)


def _flush(importer: Kind, good: list[StagedRow], bad: list[StagedRow]) -> None:
    if good:
        importer.copy(good)
    if bad:
        order_tables.copy_rejected(bad)
    good.clear()
    bad.clear()


@contextmanager
def _only_one(account: ClientAccount) -> Iterator[None]:
    """One import of an account at a time; the lock goes with the connection."""
    name = f"import:{account.pk}"
    with connection.cursor() as cursor:
        cursor.execute("select pg_try_advisory_lock(hashtextextended(%s, 0))", [name])
        if not cursor.fetchone()[0]:
            raise WrongFileError(_("Another import of this account is running."))
    try:
        yield
    finally:
        with suppress(DatabaseError), connection.cursor() as cursor:
            cursor.execute("select pg_advisory_unlock(hashtextextended(%s, 0))", [name])


@contextmanager
def _noted(
    kind: str, path: Path, source: Source, counts: Counts
) -> Iterator[ImportRun]:
    """The row of the run; whatever was left running was killed, for we hold the lock."""
    left = ImportRun.objects.filter(account=source.account, finished_at=None)
    left.update(status=ImportRun.Status.BROKEN_OFF, finished_at=timezone.now())
    run = ImportRun.objects.create(
        account=source.account, kind=kind, file_name=path.name[:255]
    )
    try:
        yield run
    except BaseException as error:
        run.status = ImportRun.Status.BROKEN_OFF
        run.reason = type(error).__name__
        with suppress(DatabaseError):
            _finish(run, source, counts)
        raise
    run.status = ImportRun.Status.DONE
    _finish(run, source, counts)


@transaction.atomic
def _finish(run: ImportRun, source: Source, counts: Counts) -> None:
    run.counts = asdict(counts)
    run.finished_at = timezone.now()
    run.save()
    if counts.has_changes:
        options = {
            "addresses_confirmed": source.addresses_confirmed,
            "whole_orders": source.whole_orders,
        }
        after = {"file": run.file_name, **options, **run.counts}
        log.record(f"{run.kind}.imported", run, actor=None, after=after)
