"""The chat stays light: what a shop's page loads for it, compressed."""

import gzip
import re
from pathlib import Path

from django.contrib.staticfiles import finders

LIMIT = 40 * 1024


def test_the_whole_widget_is_three_answers_of_at_most_40_kb_compressed(client, webchat):
    """Its loader, one script that holds its styles too, and its settings."""
    loader = client.get(f"/chat/{webchat.key}.js").content
    scripts = set(re.findall(r'"/static/([^"]+\.js)"', loader.decode()))
    assert len(scripts) == 1
    script = Path(str(finders.find(scripts.pop()))).read_bytes()
    config = client.get(f"/chat/{webchat.key}/config/").content
    assert sum(len(gzip.compress(one)) for one in (loader, script, config)) <= LIMIT
