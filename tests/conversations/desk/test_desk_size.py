"""The first load of the desk stays light, and nothing of it comes from another host."""

import gzip
import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders

LIMIT = 150 * 1024
_LOADED = re.compile(
    r'<(?:script|link|img|source|iframe)\b[^>]*?\b(?:src|href)="([^"]+)"'
)
_IMPORTED = re.compile(r"""(?:\bfrom\s*|\bimport\s*\(?\s*)["'](\./[^"']+)["']""")
_FOREIGN = re.compile(
    r"""(?:url\(|@import|\bfetch\(|\bfrom|\bimport)\s*["']?(?:https?:)?//"""
)


@pytest.fixture
def page(client_of, agent, conversation) -> str:
    return client_of(agent).get(f"/conversations/{conversation.pk}/").content.decode()


@pytest.fixture
def files(page) -> dict[Path, str]:
    """Every script and style of the page, with what they import in turn."""
    found: dict[Path, str] = {}
    waiting = [
        Path(str(finders.find(address.removeprefix("/static/").split("?")[0])))
        for address in _LOADED.findall(page)
        if address.endswith((".js", ".css"))
    ]
    while waiting:
        path = waiting.pop()
        if path not in found:
            found[path] = path.read_text(encoding="utf-8")
            names = _IMPORTED.findall(found[path]) if path.suffix == ".js" else []
            waiting += [(path.parent / name).resolve() for name in names]
    return found


def test_scripts_and_styles_of_the_desk_are_at_most_150_kb_compressed(files):
    assert len(files) > 40
    size = sum(len(gzip.compress(path.read_bytes())) for path in files)
    assert 40 * 1024 < size <= LIMIT


def test_nothing_is_asked_of_another_host(page, files):
    assert [address for address in _LOADED.findall(page) if "//" in address] == []
    foreign = [path.name for path, text in files.items() if _FOREIGN.search(text)]
    assert foreign == []
