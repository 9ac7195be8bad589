"""Reads, renews, checks and compiles the .po files of our apps."""

import io
import re
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.catalog import Message as Entry
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.reloader import translation_file_changed

from agentdesk.ops.translations.extract import Message, messages, owners

LANGUAGE = "ja"
# Nothing that changes by itself (dates, line numbers): merges stay small.
HEADER = """msgid ""
msgstr ""
"Language: ja\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: nplurals=1; plural=0;\\n"

"""
PLACEHOLDER = re.compile(r"%(?:\(\w+\))?[sdifr]|\{\w*\}")


def _root() -> Path:
    return Path(settings.BASE_DIR)


def file_of(app: str) -> Path:
    return _root() / app / "locale" / LANGUAGE / "LC_MESSAGES" / "django.po"


def read(app: str) -> Catalog:
    path = file_of(app)
    if not path.is_file():
        return Catalog(locale=LANGUAGE)
    with path.open("rb") as file:
        return read_po(file, locale=LANGUAGE)


def renew() -> None:
    """Add what is new, keep what is translated, drop what nothing says any more.

    A message that has moved takes its translation along.
    """
    every = {app: read(app) for app in owners(_root())}
    for app, found in messages(_root()).items():
        known = [every.get(app, Catalog(locale=LANGUAGE)), *every.values()]
        fresh = Catalog(locale=LANGUAGE)
        for message in found:
            key = _key(message)
            context = message.context or None
            entries = (catalog.get(key, context) for catalog in known)
            old = next((entry for entry in entries if entry), None)
            fresh.add(
                key,
                _shaped(message, old),
                flags=(old.flags - {"python-format", "python-brace-format"})
                if old
                else (),
                context=context,
            )
        _write(app, fresh)


def _key(message: Message) -> str | tuple[str, str]:
    if message.plural:
        return (message.singular, message.plural)
    return message.singular


def _shaped(message: Message, old: Entry | None) -> str | tuple[str, ...]:
    """The known translation in the shape the message needs today."""
    text = _texts(old)[0] if old else ""
    return (text,) if message.plural else text


def _texts(entry: Entry) -> list[str]:
    texts = entry.string if isinstance(entry.string, list | tuple) else [entry.string]
    return [text or "" for text in texts] or [""]


def _write(app: str, catalog: Catalog) -> None:
    path = file_of(app)
    if not len(catalog) and not path.is_file():
        return
    body = io.BytesIO()
    write_po(
        body, catalog, sort_output=True, no_location=True, omit_header=True, width=0
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(HEADER + body.getvalue().decode().strip() + "\n", encoding="utf-8")


def faults() -> Iterator[str]:
    """One line for every message that is not fit to be shown in Japanese."""
    for app, found in messages(_root()).items():
        catalog = read(app)
        for message in sorted(found):
            entry = catalog.get(_key(message), message.context or None)
            fault = _fault(message, entry)
            if fault:
                yield f"{app}: {fault}: {message.singular!r}"
    yield from _clashes()


def _clashes() -> Iterator[str]:
    """The earlier app's word would silently stand on the later one's screens, too."""
    words: dict[tuple[str, str], tuple[str, list[str]]] = {}
    for app in owners(_root()):
        for entry in read(app):
            singular = entry.id if isinstance(entry.id, str) else entry.id[0]
            if not singular or not all(_texts(entry)):
                continue
            first = words.setdefault(
                (singular, entry.context or ""), (app, _texts(entry))
            )
            if first[1] != _texts(entry):
                yield f"{app}: not as in {first[0]}, give it a context: {singular!r}"


def _fault(message: Message, entry: Entry | None) -> str:
    if entry is None:
        return "missing"
    texts = _texts(entry)
    if not all(texts):
        return "untranslated"
    if entry.fuzzy:
        return "fuzzy"
    allowed = _placeholders(message.singular, message.plural)
    needed = _placeholders(message.singular) if not message.plural else set()
    for text in texts:
        used = _placeholders(text)
        if not needed <= used <= allowed:
            return "placeholders differ"
    return ""


def _placeholders(*texts: str) -> set[str]:
    return {found for text in texts for found in PLACEHOLDER.findall(text)}


def compile_all() -> None:
    """Write every .mo that is older than its .po, and let Django read it anew."""
    for app in owners(_root()):
        source = file_of(app)
        target = source.with_suffix(".mo")
        if not source.is_file() or (
            target.is_file() and target.stat().st_mtime_ns > source.stat().st_mtime_ns
        ):
            continue
        compiled = io.BytesIO()
        write_mo(compiled, read(app))
        fresh = target.with_suffix(".mo.new")
        fresh.write_bytes(compiled.getvalue())
        fresh.replace(target)
        translation_file_changed(None, target)
