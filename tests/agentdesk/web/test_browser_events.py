"""Events between modules stand in one file, and each is emitted and listened for."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
JS = ROOT / "agentdesk/static/agentdesk/js"
LIST = (JS / "events.js").read_text(encoding="utf-8")
LISTED = set(re.findall(r'^  "?([a-z-]+)"?: "', LIST, re.MULTILINE))
SOURCES = {path: path.read_text(encoding="utf-8") for path in JS.rglob("*.js")}
_EMITTED = re.compile(r'\bemit\(\s*"([^"]+)"')
_GATHERED = re.compile(r'"((?:draft|note)-gather)"')
_SENT = re.compile(r"""["']([a-z-]+)["']""")


def emitted_by_scripts() -> set[str]:
    text = "\n".join(SOURCES.values())
    names = {*_EMITTED.findall(text), *_GATHERED.findall(text)}
    names |= set(re.findall(r'\bannounce\("([^"]+)"', text))
    return names


def sent_by_server() -> set[str]:
    return {
        name
        for top in ("agentdesk", "conversations", "customers")
        for path in (ROOT / top).rglob("*.py")
        if "HX-Trigger" in (text := path.read_text(encoding="utf-8"))
        or "trigger_client_event" in text
        for name in _SENT.findall(text)
    }


def test_every_event_that_is_emitted_is_listed():
    assert emitted_by_scripts() - LISTED == set()


def test_nothing_is_listed_that_nobody_emits():
    assert LISTED - emitted_by_scripts() - sent_by_server() == set()


@pytest.mark.parametrize("name", sorted(LISTED))
def test_somebody_listens_for(name):
    templates = "\n".join(
        path.read_text(encoding="utf-8")
        for path in (ROOT / "templates").rglob("*")
        if path.suffix in {".html", ".jinja"}
    )
    scripts = [text for path, text in SOURCES.items() if path.name != "events.js"]
    listening = rf'(?:addEventListener|\bon)\(\s*"{name}"|\bof \[[^\]]*"{name}"'
    assert any(re.search(listening, text) for text in scripts) or re.search(
        rf'(?:hx-trigger|also)="[^"]*\b{name}\b', templates
    )


def test_no_module_makes_an_event_of_its_own():
    """`live:…` are made in live.js alone, all others by `emit`."""
    makers = {path.name for path, text in SOURCES.items() if "new CustomEvent(" in text}
    assert makers == {"events.js", "live.js"}
