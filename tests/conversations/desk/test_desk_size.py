"""The first load of the desk stays light, and nothing of it comes from another host."""

import gzip
import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders

LIMIT = 120 * 1024
MOST_FILES = 5
_LOADED = re.compile(
    r'<(?:script|link|img|source|iframe)\b[^>]*?\b(?:src|href)="([^"]+)"'
)
_FOREIGN = re.compile(
    r"""(?:url\(|@import|\bfetch\(|\bfrom|\bimport)\s*["']?(?:https?:)?//"""
)


@pytest.fixture
def page(client_of, agent, conversation) -> str:
    return client_of(agent).get(f"/conversations/{conversation.pk}/").content.decode()


@pytest.fixture
def files(page) -> dict[str, str]:
    """Every script and style of the page."""
    names = [
        address.removeprefix("/static/")
        for address in _LOADED.findall(page)
        if address.endswith((".js", ".css"))
    ]
    return {
        name: Path(str(finders.find(name))).read_text(encoding="utf-8")
        for name in names
    }


def test_scripts_and_styles_of_the_desk_are_few_and_small(files):
    """Compressed by gzip; Brotli, which browsers are sent, is smaller still."""
    assert 2 < len(files) <= MOST_FILES
    size = sum(len(gzip.compress(text.encode())) for text in files.values())
    assert 40 * 1024 < size <= LIMIT


def test_nothing_is_asked_of_another_host(page, files):
    assert [address for address in _LOADED.findall(page) if "//" in address] == []
    assert [name for name, text in files.items() if _FOREIGN.search(text)] == []
