"""The chat stays light: what a shop's page loads for it, compressed."""

import gzip
from pathlib import Path

from django.contrib.staticfiles import finders

LIMIT = 40 * 1024


def test_the_whole_widget_is_at_most_40_kb_compressed(client, webchat):
    folder = Path(str(finders.find("agentdesk/chat/main.js"))).parent
    files = [file for file in folder.iterdir() if file.name != "preview.css"]
    assert {file.suffix for file in files} == {".js", ".css"}
    loader = client.get(f"/chat/{webchat.key}.js").content
    config = client.get(f"/chat/{webchat.key}/config/").content
    loaded = [file.read_bytes() for file in files] + [loader, config]
    assert sum(len(gzip.compress(content)) for content in loaded) <= LIMIT
