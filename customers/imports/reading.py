"""From a file to rows of cells, whatever is in it, in constant memory."""

import csv
import io
import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TextIO

from django.utils.translation import gettext as _

from customers.imports.base import WrongFileError

MAX_LINE = 1_000_000  # characters; what is longer is no row
MAX_RECORD_LINES = 100  # of one row with line breaks inside quotes
_MAGIC = {
    b"PK\x03\x04": "Excel (.xlsx) / ZIP",
    b"\xd0\xcf\x11\xe0": "Excel (.xls)",
    b"%PDF": "PDF",
    b"\x89PNG": "PNG",
    b"\xff\xd8\xff": "JPEG",
    b"GIF8": "GIF",
    b"\x1f\x8b": "gzip",
}
# Above the column names stand titles, dates and the sep= of Excel.
_MOST_ABOVE = 10
_FEWEST_COLUMNS = 3
_DELIMITERS = ",\t;"
_BLANK = ",;\t\r\n \x1a"  # 0x1a ends the files of old programs
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_UNDECODABLE = re.compile("[\udc80-\udcff]")


@dataclass(frozen=True)
class Row:
    """One row of the file. `fault` says why it cannot be cut into cells."""

    line: int
    cells: list[str] = field(default_factory=list)
    fault: str = ""
    raw: str = ""


def detect_encoding(path: Path) -> str:
    """utf-8-sig or cp932, decided on every line of the file. Raises WrongFileError."""
    with path.open("rb") as file:
        start = file.read(4096)
        _refuse_other_kinds(start)
        file.seek(0)
        return _decide(file)


def _refuse_other_kinds(start: bytes) -> None:
    if not start.strip():
        raise WrongFileError(_("The file is empty."))
    for magic, name in _MAGIC.items():
        if start.startswith(magic):
            raise WrongFileError(
                _("This is no CSV file but %(kind)s. Save it as CSV (UTF-8) first.")
                % {"kind": name}
            )
    if start.startswith(_UTF16) or start.count(0) > len(start) // 5:
        raise WrongFileError(
            _("This file is UTF-16 or binary. Save it as CSV in UTF-8 or Shift_JIS.")
        )


def _decide(file: io.BufferedReader) -> str:
    """The encoding in which the fewer of the lines with Japanese text are broken."""
    written, bad = 0, {"utf-8": 0, "cp932": 0}
    while line := file.readline(MAX_LINE):
        if len(line) == MAX_LINE:  # no row, and cut in the middle of a character
            while line and not line.endswith(b"\n"):
                line = file.readline(MAX_LINE)
            continue
        if line.isascii():
            continue
        written += 1
        for encoding in bad:
            try:
                line.decode(encoding)
            except UnicodeDecodeError:
                bad[encoding] += 1
    if bad["utf-8"] * 2 <= written and bad["utf-8"] <= bad["cp932"]:
        return "utf-8-sig"
    if bad["cp932"] * 2 <= written:
        return "cp932"
    raise WrongFileError(
        _("The text is neither UTF-8 nor Shift_JIS (CP932), or this is no CSV file.")
    )


class RowReader:
    """Rows with the number of their first line. A row that is broken is given as such.

    `skips_titles`: the column names may stand below a few lines of something else. Only
    for files of at least three columns, by which their header is known.
    """

    def __init__(
        self, path: Path, encoding: str, *, skips_titles: bool = False
    ) -> None:
        self._file: TextIO = path.open(
            encoding=encoding, errors="surrogateescape", newline=""
        )
        self._waiting: deque[str] = deque()
        self._line = 0
        header = self._header() if skips_titles else self._names(self._next_line())
        self.columns = len(header)
        self.header = header

    def close(self) -> None:
        self._file.close()

    def _header(self) -> list[str]:
        """Of the first lines the one that has columns; the first where none has."""
        first: list[str] = []
        for _attempt in range(_MOST_ABOVE):
            names = self._names(self._next_line())
            first = first or names
            if sum(bool(name.strip()) for name in names) >= _FEWEST_COLUMNS:
                return names
        self.delimiter = ","
        return first

    def _names(self, line: str) -> list[str]:
        if len(line) >= MAX_LINE:
            raise WrongFileError(_("The first line is no line of column names."))
        self.delimiter = max(_DELIMITERS, key=line.count)
        try:
            return next(csv.reader([line], delimiter=self.delimiter), [])
        except csv.Error as error:
            raise WrongFileError(
                _("The first line is no line of column names.")
            ) from error

    def __iter__(self) -> Iterator[Row]:
        while line := self._next_line():
            if line.strip(_BLANK):
                yield self._row(line)

    def _row(self, line: str) -> Row:
        number = self._line
        fault = _fault(line)
        if fault:
            return Row(number, fault=fault, raw=line[:2000])
        try:
            cells = next(csv.reader([line], delimiter=self.delimiter, strict=True))
        except csv.Error as error:
            return self._longer_row(line, number, str(error))
        return self._checked(number, cells, line)

    def _longer_row(self, first: str, number: int, reason: str) -> Row:
        """A row whose quotes go on over line breaks; else only its first line is lost."""
        taken: list[str] = []
        if "unexpected end" in reason:
            reader = csv.reader(
                self._following(first, taken), delimiter=self.delimiter, strict=True
            )
            try:
                cells = next(reader)
            except (csv.Error, StopIteration):
                cells = []
            if len(cells) == self.columns and not any(map(_fault, taken)):
                return Row(number, cells, raw=first)
            self._waiting.extendleft(reversed(taken))
            self._line -= len(taken)
        fault = _("A quotation mark is opened and not closed, or a cell is too long.")
        return Row(number, fault=fault, raw=first[:2000])

    def _following(self, first: str, taken: list[str]) -> Iterator[str]:
        yield first
        while len(taken) < MAX_RECORD_LINES and (line := self._next_line()):
            taken.append(line)
            yield line

    def _checked(self, number: int, cells: list[str], line: str) -> Row:
        cells = self._fitted(cells)
        if len(cells) == self.columns:
            return Row(number, cells, raw=line)
        fault = _("The row has %(found)s columns instead of %(wanted)s.") % {
            "found": len(cells),
            "wanted": self.columns,
        }
        return Row(number, cells, fault=fault, raw=line)

    def _fitted(self, cells: list[str]) -> list[str]:
        """Excel leaves out empty cells at the end, or adds them: of columns without a name."""
        while len(cells) > self.columns and not cells[-1].strip():
            cells = cells[:-1]
        unnamed = self.header[len(cells) :]
        if unnamed and not any(name.strip() for name in unnamed):
            cells = cells + [""] * len(unnamed)
        return cells

    def _next_line(self) -> str:
        """The next line of the file; of an endless one only the beginning."""
        if self._waiting:
            self._line += 1
            return self._waiting.popleft()
        line = self._file.readline(MAX_LINE)
        if len(line) >= MAX_LINE:
            rest = line
            while rest and not rest.endswith(("\n", "\r")):
                rest = self._file.readline(MAX_LINE)
        if line:
            self._line += 1
        return line


def _fault(line: str) -> str:
    if len(line) >= MAX_LINE:
        return _("The line is longer than a million characters.")
    if "\x00" in line:
        return _("The line contains NUL bytes.")
    if not line.isascii() and _UNDECODABLE.search(line):
        return _("The line contains bytes that are no text in the file's encoding.")
    return ""
