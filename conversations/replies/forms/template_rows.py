"""Many templates at once, as rows of a spreadsheet: read, checked, and written out."""

import csv
import io
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from agentdesk.audit.export import safe_cell
from conversations.adapters.registry import ADAPTERS
from conversations.choices import Channel
from conversations.models import Template
from conversations.replies.forms.template import TemplateForm
from customers.imports.base import WrongFileError
from customers.imports.reading import Row, RowReader, detect_encoding

MOST_ROWS = 500
_MOST_BYTES = 2_000_000
_MOST_FAULTS = 20  # shown
# Headings of a file, in both languages; what is written out has the Japanese ones.
_COLUMNS = {
    "name": ("名前", "name", "名称", "タイトル", "title"),
    "folder": ("フォルダー", "folder", "フォルダ", "分類"),
    "shortcut": ("短縮名", "shortcut", "ショートカット"),
    "channels": ("チャネル", "channels", "channel"),
    "body": ("本文", "body", "text", "文面"),
}
_QUOTED_FORMULA = re.compile(r"'(?=[=+\-@＝＋－＠])")


class TemplateFileForm(forms.Form):
    file = forms.FileField(
        label=_("CSV file"),
        required=False,
        help_text=_("UTF-8 or Shift_JIS, as spreadsheets save it."),
        widget=forms.FileInput(attrs={"accept": ".csv,.tsv,.txt,text/csv"}),
    )
    pasted = forms.CharField(
        label=_("Or rows pasted from a spreadsheet"),
        required=False,
        max_length=_MOST_BYTES // 4,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 8}),
    )

    def clean(self) -> dict[str, Any]:
        """`read` is what the file or the paste holds."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        file, pasted = cleaned.get("file"), cleaned.get("pasted") or ""
        if file is None and not pasted.strip():
            raise forms.ValidationError(gettext("Choose a file, or paste rows."))
        if file is not None and file.size > _MOST_BYTES:
            raise forms.ValidationError(gettext("The file is too large."))
        content = file.read() if file is not None else pasted.encode(errors="replace")
        try:
            cleaned["read"] = read_templates(content)
        except WrongFileError as error:
            raise forms.ValidationError(str(error)) from error
        return cleaned


@dataclass
class ReadTemplates:
    """`rows` are fit to be written, unless `faults` say why some are not."""

    rows: list[tuple[int, dict[str, Any]]] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    def fault(self, line: int, text: str) -> None:
        if len(self.faults) < _MOST_FAULTS:
            sentence = gettext("Line %(line)s: %(fault)s")
            self.faults.append(sentence % {"line": line, "fault": text})


def read_templates(content: bytes) -> ReadTemplates:
    """Raises WrongFileError."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "templates.csv"
        path.write_bytes(content)
        reader = RowReader(path, detect_encoding(path))
        try:
            return _read(reader)
        finally:
            reader.close()


def written_rows(templates: Iterable[Template]) -> bytes:
    """As a file that can be changed in a spreadsheet and read again."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow([names[0] for names in _COLUMNS.values()])
    for row in templates:
        cells = (row.name, row.folder, row.shortcut, " ".join(row.channels), row.body)
        writer.writerow([safe_cell(cell) for cell in cells])
    return b"\xef\xbb\xbf" + text.getvalue().encode()


def _read(reader: RowReader) -> ReadTemplates:
    places = _places(reader.header)
    found = ReadTemplates()
    for number, row in enumerate(reader):
        if number == MOST_ROWS:
            found.fault(
                row.line, gettext("At most %(count)s rows.") % {"count": number}
            )
            break
        _take(row, places, found)
    if not found.rows and not found.faults:
        raise WrongFileError(gettext("There are no rows below the headings."))
    return found


def _take(row: Row, places: dict[str, int], found: ReadTemplates) -> None:
    if row.fault:
        found.fault(row.line, row.fault)
        return
    cells = {name: _cell(row.cells[at]) for name, at in places.items()}
    channels = [
        _channel(word) for word in re.split(r"[\s,、/／]+", cells.pop("channels", ""))
    ]
    form = TemplateForm(cells | {"channels": [one for one in channels if one]})
    if form.is_valid():
        found.rows.append((row.line, form.cleaned_data))
        return
    for name, errors in form.errors.items():
        label = form.fields[name].label if name in form.fields else ""
        found.fault(row.line, f"{label}: {' '.join(map(str, errors))}".lstrip(": "))


def _places(header: list[str]) -> dict[str, int]:
    headings = [_plain(heading) for heading in header]
    places = {
        column: headings.index(name)
        for column, names in _COLUMNS.items()
        for name in reversed(names)
        if name in headings
    }
    missing = [_COLUMNS[name][0] for name in ("name", "body") if name not in places]
    if missing:
        raise WrongFileError(
            gettext("The first line must name the columns. Missing: %(names)s")
            % {"names": ", ".join(missing)}
        )
    return places


def _plain(heading: str) -> str:
    return unicodedata.normalize("NFKC", heading).strip().lower()


def _cell(text: str) -> str:
    return _QUOTED_FORMULA.sub("", text, count=1) if text.startswith("'") else text


def _channel(word: str) -> str:
    """A value of Channel by its own name or a label; else the word, to be refused."""
    plain = _plain(word)
    labels = {str(label).lower(): value for value, label in Channel.choices}
    named = {
        name: str(value)
        for value, adapter in ADAPTERS.items()
        for name in adapter.about.also_called
    }
    return named.get(plain) or labels.get(plain) or plain
