"""The rules of the house that can be counted."""

import ast
import re
import tokenize
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.contrib.staticfiles.finders import find

from agentdesk.web.live_regions import live_region

ROOT = Path(__file__).parent.parent
PLACES = ("agentdesk", "conversations", "customers", "templates", "tests")
NOT_OURS = {"vendor", "migrations", "payloads", "__pycache__", "locale"}
FILE_LINES = 300
FUNCTION_LINES = 40
VIEW_LINES = 25

TEMPLATE_COLUMNS = 160
_TAG = re.compile(r"{%.*?%}")
INLINE = {
    "a style attribute": re.compile(r"\sstyle\s*=", re.IGNORECASE),
    "a style element": re.compile(r"<style\b", re.IGNORECASE),
    "an inline script": re.compile(
        r"<script\b(?![^>]*\b(?:src|type=.application/json))", re.IGNORECASE
    ),
    "an event attribute": re.compile(r"\son[a-z]+\s*=\s*[\"']", re.IGNORECASE),
    "a javascript: address": re.compile(r"[\"']javascript:", re.IGNORECASE),
    "another host": re.compile(
        r"<(?:script|link|img|iframe|source|video|audio)\b[^>]*\b(?:src|href)\s*=\s*"
        r"[\"'](?:https?:)?//",
        re.IGNORECASE,
    ),
}

# What data are called by what happened to them, where a standard word names them.
PRIVATE = {"told", "asked", "kept", "said", "heard", "tell", "hear", "spend"}
COLUMNS = {"told_at", "last_heard_at"}  # they keep their names: no migration
WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")

Function = ast.FunctionDef | ast.AsyncFunctionDef


def files(*suffixes: str) -> list[Path]:
    return [
        path
        for place in PLACES
        for path in sorted((ROOT / place).rglob("*"))
        if path.suffix in suffixes and not NOT_OURS & set(path.parts)
    ]


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def functions(path: Path) -> Iterator[Function]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, Function):
            yield node


def length(function: Function) -> int:
    """Lines from `def` to the end; the docstring is free."""
    lines = (function.end_lineno or function.lineno) - function.lineno + 1
    if ast.get_docstring(function) is None:
        return lines
    docstring = function.body[0]
    return lines - (docstring.end_lineno or 0) + docstring.lineno - 1


def is_view_module(path: Path) -> bool:
    return "tests" not in path.parts and (
        "views" in path.parts or path.stem in {"views", "consumer", "consumers", "api"}
    )


def is_view(function: Function) -> bool:
    return bool(function.args.args) and function.args.args[0].arg == "request"


def test_no_file_is_longer_than_300_lines():
    long = {
        name(path): count
        for path in files(".py", ".js", ".css", ".html", ".jinja")
        if (count := len(path.read_text(encoding="utf-8").splitlines())) > FILE_LINES
    }
    assert not long


def test_no_function_is_longer_than_40_lines():
    long = {
        f"{name(path)}:{function.name}": length(function)
        for path in files(".py")
        for function in functions(path)
        if length(function) > FUNCTION_LINES
    }
    assert not long


def test_no_view_is_longer_than_25_lines():
    long = {
        f"{name(path)}:{function.name}": length(function)
        for path in files(".py")
        if is_view_module(path)
        for function in functions(path)
        if is_view(function) and length(function) > VIEW_LINES
    }
    assert not long


@pytest.mark.parametrize("what", INLINE)
def test_no_template_carries(what):
    """The content security policy forbids it, so it would silently not work."""
    assert not [
        name(path)
        for path in files(".html", ".jinja")
        if INLINE[what].search(path.read_text(encoding="utf-8"))
    ]


def is_wrapped(line: str) -> bool:
    """Django's tags cannot be broken: one that is long stands nearly alone."""
    longest = max((len(tag) for tag in _TAG.findall(line)), default=0)
    return len(line) <= TEMPLATE_COLUMNS or len(line.strip()) - longest <= 40


def test_lines_of_templates_are_wrapped():
    long = {
        f"{name(path)}:{number}": len(line)
        for path in files(".html", ".jinja")
        for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1)
        if not is_wrapped(line)
    }
    assert not long


LIVE_TAG = re.compile(r"<(?:live-region|inquiry-list|message-thread)\b[^<>]*>")
SIGNAL = re.compile(r"live:(?!started\b|read\b)\w+")


def test_a_live_region_is_declared_in_one_way():
    """Its attributes come from `live_region`; none listens for a signal by itself."""
    texts = {
        name(path): path.read_text(encoding="utf-8")
        for path in files(".html", ".jinja")
    }
    assert not {
        f"{path}: {tag}"
        for path, text in texts.items()
        for tag in LIVE_TAG.findall(text)
        if "live_region" not in tag and "styleguide" not in path
    }
    assert not [path for path, text in texts.items() if SIGNAL.search(text)]


def test_a_live_region_replaces_no_request_of_what_it_holds():
    """Its hx-sync is for its own reading: a form in it that is sent would be aborted."""
    own = re.compile(r"<[\w-]+ [^<>]*\bhx-sync=\"this:[^<>]*>")
    assert not [
        name(path)
        for path in files(".html", ".jinja")
        for tag in own.findall(path.read_text(encoding="utf-8"))
        if "live:" in tag and "hx-disinherit" not in tag
    ]
    assert 'hx-disinherit="hx-sync"' in live_region("/", "customer:1", "changed")


def test_every_package_says_what_lives_in_it():
    """Management packages are Django's own layout and hold commands alone."""
    silent = [
        name(path)
        for path in files(".py")
        if path.name == "__init__.py"
        and "management" not in path.parts
        and "templatetags" not in path.parts
        and "tests" not in path.relative_to(ROOT).parts[1:]
        and not ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
    ]
    assert not silent


def test_views_begin_from_what_the_member_may_see():
    """`Model.objects.get` there would forget the wall between accounts."""
    assert not [
        name(path)
        for path in files(".py")
        if is_view_module(path) and ".objects.get(" in path.read_text(encoding="utf-8")
    ]


# Where the JSON of messages is spelled: its types, its queries, its few ways to change.
SPELLS_DATA = ("contents", "models", "messages", "adapters", "simulators")
READS_DATA = re.compile(r"\.data(\.get\(|\[)|\bin \w+(\.\w+)*\.data\b|\bdata__\w")
WRITES_DATA = re.compile(
    r"(?<!self)\.data (\|)?= |update_fields=\[[^]]*\"data\"|update\(data="
)


def test_what_a_message_consists_of_is_read_and_written_by_its_type():
    """`conversations.contents` reads it, `conversations.messages.change` changes it."""
    assert not {
        f"{name(path)}: {found[0]}"
        for path in files(".py")
        if path.is_relative_to(ROOT / "conversations")
        and path.relative_to(ROOT / "conversations").parts[0] not in SPELLS_DATA
        for pattern in (READS_DATA, WRITES_DATA)
        if (found := pattern.search(path.read_text(encoding="utf-8")))
    }


def private_words(path: Path) -> set[str]:
    """Identifiers with one of them, but for columns, lookups of columns, and tests,
    whose names are sentences.
    """
    with tokenize.open(path) as source:
        identifiers = {
            token.string
            for token in tokenize.generate_tokens(source.readline)
            if token.type == tokenize.NAME
        }
    return {
        identifier
        for identifier in identifiers
        if PRIVATE & {word.lower() for word in WORD.findall(identifier)}
        and identifier.split("__")[0] not in COLUMNS
        and not identifier.startswith("test_")
    }


def test_identifiers_say_what_data_are_and_not_what_happened_to_them():
    assert not {
        name(path): words
        for path in files(".py")
        if path != Path(__file__) and (words := private_words(path))
    }


def test_every_static_file_that_a_template_names_is_there():
    named = re.compile(r"{[%{] static[ (][\"']([^\"']+)[\"']")
    assert not {
        f"{name(path)}: {file}"
        for path in files(".html", ".jinja")
        for file in named.findall(path.read_text(encoding="utf-8"))
        if not find(file)
    }
