"""Finds every message in Python code and templates, and the app whose it is."""

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from babel.messages.extract import extract_python
from django.utils.translation import templatize
from jinja2.ext import babel_extract

APPS = ("agentdesk", "conversations", "customers")
# A channel has a catalog of its own, in its folder.
CHANNELS = "conversations/adapters"
KEYWORDS = {
    **dict.fromkeys(("_", "gettext", "gettext_lazy", "gettext_noop"), (1,)),
    **dict.fromkeys(("ngettext", "ngettext_lazy"), (1, 2)),
    **dict.fromkeys(("pgettext", "pgettext_lazy"), ((1, "c"), 2)),
    **dict.fromkeys(("npgettext", "npgettext_lazy"), ((1, "c"), 2, 3)),
}
TEXT = r"""u?(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")"""
CALL = re.compile(rf"(?<![\w.])(_|n?p?gettext)\(\s*({TEXT}(?:\s*,\s*{TEXT})*)")


# As `agentdesk.web.jinja.environment` has them.
_JINJA = {
    "extensions": "agentdesk.web.jinja.component.ComponentExtension",
    "newstyle_gettext": "true",
    "silent": "false",
}


class Message(NamedTuple):
    """One message; `plural` and `context` are empty for most."""

    singular: str
    plural: str = ""
    context: str = ""


def owners(root: Path) -> list[str]:
    """Whoever has a catalog: the apps, then the channels that say anything."""
    rooms = sorted((root / CHANNELS).glob("*/locale"))
    return [*APPS, *(f"{CHANNELS}/{room.parent.name}" for room in rooms)]


def messages(root: Path) -> dict[str, set[Message]]:
    """What each catalog has to hold."""
    found: dict[str, set[Message]] = defaultdict(set)
    for app in APPS:
        for path in sorted((root / app).rglob("*.py")):
            if "migrations" not in path.parts:
                found[_owner_of(path, root)].update(_in_python(path))
        for path in sorted((root / app).glob("**/templates/**/*.*")):
            found[_owner_of(path, root)].update(_in_template(path))
    for path in sorted((root / "templates").rglob("*.*")):
        found[_app_of(path, root)].update(_in_template(path))
    return found


def _owner_of(path: Path, root: Path) -> str:
    channels = root / CHANNELS
    if path.is_relative_to(channels) and path.parent != channels:
        return f"{CHANNELS}/{path.relative_to(channels).parts[0]}"
    return path.relative_to(root).parts[0]


def _app_of(template: Path, root: Path) -> str:
    """A folder of templates has the name of an app, or of an area of one."""
    folder = template.relative_to(root / "templates").parts[0]
    if folder in APPS:
        return folder
    return next((app for app in APPS if (root / app / folder).is_dir()), "agentdesk")


def _in_python(path: Path) -> Iterator[Message]:
    with path.open("rb") as file:
        for _line, function, *found in extract_python(file, KEYWORDS, [], {}):
            # One text, or a tuple with None for what is not a literal text.
            texts: Any = found[0]
            if texts is None:  # a variable: an id marked elsewhere
                continue
            given = [texts] if isinstance(texts, str) else list(texts)
            if all(isinstance(text, str) for text in given[: _arity(str(function))]):
                yield _message(str(function), given)


def _in_template(path: Path) -> Iterator[Message]:
    if path.suffix == ".jinja":
        yield from _in_jinja(path)
        return
    source = templatize(path.read_text(encoding="utf-8"), origin=str(path))
    for function, arguments in CALL.findall(source):
        given = ast.literal_eval(f"[{arguments}]")
        yield _message(function, given)


def _in_jinja(path: Path) -> Iterator[Message]:
    with path.open("rb") as file:
        for _line, function, found, _comments in babel_extract(
            file, tuple(KEYWORDS), (), _JINJA
        ):
            given = [found] if isinstance(found, str) else list(found or ())
            texts = [text for text in given if isinstance(text, str)]
            if len(texts) >= _arity(function):
                yield _message(function, texts)


def _arity(function: str) -> int:
    name = function.removesuffix("_lazy").removesuffix("_noop")
    return {"ngettext": 2, "pgettext": 2, "npgettext": 3}.get(name, 1)


def _message(function: str, given: list[str]) -> Message:
    name = function.removesuffix("_lazy").removesuffix("_noop")
    if name == "npgettext":
        return Message(given[1], given[2], given[0])
    if name == "pgettext":
        return Message(given[1], context=given[0])
    if name == "ngettext":
        return Message(given[0], given[1])
    return Message(given[0])
