"""Scripts and styles as few files: each bundle is its entry file and all that it imports.

The sources are ES modules and style sheets as a browser reads them, one subject a file.
Over a slow line a page of ninety files waits for its round trips, so collectstatic finds
the bundles in their stead (`BundleFinder`); nobody runs a build step. Whole lines are
copied, with the name of their file above them: a bundle is read as the sources are.
Comments on lines of their own, a sixth of it all, stay in the sources.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from posixpath import dirname, normpath

from django.contrib.staticfiles import finders

_IMPORT = re.compile(
    r'^import (?:\{(?P<names>[^}]*)\} from |(?P<default>\w+) from )?"(?P<file>\.[^"]+)";$',
    re.MULTILINE,
)
_EXPORT = re.compile(
    r"^export (?=(?:async )?(?:function|class|const) (\w+))", re.MULTILINE
)
_STYLE = re.compile(r'^@import "(\.[^"]+)";$', re.MULTILINE)
# Not of licences: those begin with an exclamation mark.
_COMMENT = re.compile(r"^[ \t]*/\*(?!!)(?:[^*]|\*(?!/))*\*/[ \t]*\n", re.MULTILINE)
_LEFT = re.compile(r"^(?:import|export)\b.*", re.MULTILINE)


class BundleError(Exception):
    """A source that cannot be put into a bundle; the message says which, and why."""


@dataclass(frozen=True)
class Bundle:
    """`beside` is the bundle that each page has already: its modules are used from there."""

    entry: str
    # Scripts that are no modules; what they declare is seen by the whole page.
    scripts: tuple[str, ...] = ()
    beside: str = ""
    # Of an ES module, what it gives to whoever imports it.
    exports: str = ""


BUNDLES = {
    "agentdesk/bundles/page.js": Bundle(
        "agentdesk/js/page.js",
        scripts=(
            "django_htmx/htmx-2.min.js",
            "agentdesk/vendor/idiomorph-ext.min.js",
        ),
    ),
    "agentdesk/bundles/desk.js": Bundle(
        "agentdesk/js/desk.js", beside="agentdesk/bundles/page.js"
    ),
    "agentdesk/bundles/settings.js": Bundle(
        "agentdesk/js/settings.js", beside="agentdesk/bundles/page.js"
    ),
    "agentdesk/bundles/chat.js": Bundle("agentdesk/chat/main.js", exports="start"),
    "agentdesk/bundles/page.css": Bundle("agentdesk/css/entries/page.css"),
    "agentdesk/bundles/desk.css": Bundle("agentdesk/css/entries/desk.css"),
    "agentdesk/bundles/settings.css": Bundle("agentdesk/css/entries/settings.css"),
}


def text_of(name: str) -> str:
    """The bundle of that name, from the sources as they are now."""
    bundle = BUNDLES[name]
    if name.endswith(".css"):
        return "\n".join(
            f"/* {file} */\n{text}" for file, text in _styles(bundle.entry)
        )
    return _script(bundle)


def modules_of(entry: str) -> list[str]:
    """The module and all that it imports, each after what it imports itself."""
    found: list[str] = []
    _gather(entry, found, ())
    return found


def _gather(file: str, found: list[str], above: tuple[str, ...]) -> None:
    if file in above:
        raise BundleError(f"{' > '.join((*above, file))}: a circle of imports")
    if file in found:
        return
    if file.endswith(".js"):
        for statement in _IMPORT.finditer(source(file)):
            _gather(_resolved(file, statement["file"]), found, (*above, file))
    found.append(file)


def source(file: str) -> str:
    path = finders.find(file)
    if not path:
        raise BundleError(f"{file}: there is no such file")
    return _COMMENT.sub("", Path(str(path)).read_text(encoding="utf-8"))


def _resolved(file: str, name: str) -> str:
    return normpath(f"{dirname(file)}/{name}")


def _script(bundle: Bundle) -> str:
    shared = modules_of(BUNDLES[bundle.beside].entry) if bundle.beside else []
    own = [file for file in modules_of(bundle.entry) if file not in shared]
    body = "\n".join(_module(file) for file in own)
    if bundle.exports:
        registry = "const modules = {};"
        last = f"export const {{ {bundle.exports} }} = modules[{json.dumps(bundle.entry)}];"
        return f"{registry}\n{body}{last}\n"
    scripts = "".join(f"/* {file} */\n{source(file)}\n" for file in bundle.scripts)
    registry = '"use strict";\nconst modules = (window.agentdeskModules ??= {});'
    return f"{scripts}(() => {{\n{registry}\n{body}}})();\n"


def _module(file: str) -> str:
    """Each in a scope of its own; what it exports is what its function returns."""
    if file.endswith(".css"):
        return f"modules[{json.dumps(file)}] ??= {json.dumps(source(file))};\n"
    names = _EXPORT.findall(source(file))
    text = _EXPORT.sub("", _IMPORT.sub(lambda found: _taken(file, found), source(file)))
    if found := _LEFT.search(text):
        raise BundleError(f"{file}: this is not understood: {found[0].strip()}")
    returned = f"return {{ {', '.join(names)} }};\n" if names else ""
    return f"\n/* {file} */\nmodules[{json.dumps(file)}] ??= (() => {{\n{text}{returned}}})();\n"


def _taken(file: str, statement: re.Match[str]) -> str:
    module = f"modules[{json.dumps(_resolved(file, statement['file']))}]"
    if statement["default"]:
        return f"const {statement['default']} = {module};"
    if statement["names"] is None:
        return ""
    names = ", ".join(
        name.strip().replace(" as ", ": ")
        for name in statement["names"].split(",")
        if name.strip()
    )
    return f"const {{ {names} }} = {module};"


def _styles(file: str) -> Iterator[tuple[str, str]]:
    text = source(file)
    names = _STYLE.findall(text)
    for name in names:
        yield from _styles(_resolved(file, name))
    if "@import" in (rest := _STYLE.sub("", text)):
        raise BundleError(f"{file}: an @import is not understood")
    if not names:
        yield file, rest
