"""`manage.py bench` on a handful of rows: what it writes down, never how fast it was."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

from agentdesk.ops.bench.figures import Figure, Report, percentile, timed
from agentdesk.ops.bench.run import find_chromium

TINY = {
    "customers": 60,
    "messages": 500,
    "opens": 5,
    "rate": 5,
    "seconds": 1,
    "visitors": 3,
    "looks": 3,
    "sockets": 200,
    "openings": 3,
}
MEASURED = {
    "open a conversation",
    "inbox list",
    "find by phone",
    "find by kana",
    "find by order number",
    "message → signal on the socket",
    "message → bubble on the screen",
    "inbound throughput",
    "signals to 200 sockets on one topic",
    "signals to 200 sockets on topics of their own",
    "memory a socket",
}
IN_A_BROWSER = {
    "click → painted",
    "J → painted",
    "send → bubble",
    "typing while 50 messages arrive",
    "first load: requests",
    "server CPU per opening",
    "main thread per opening",
}


@pytest.fixture
def var() -> Iterator[Path]:
    """Where the servers' own user can get at it, which is not below pytest's folder."""
    folder = Path(tempfile.mkdtemp(prefix="agentdesk-bench-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.mark.timeout(400)
def test_a_tiny_run_measures_everything_and_leaves_no_server(var):
    words = [f"--{name}={amount}" for name, amount in TINY.items()]
    environment = os.environ | {
        "AGENTDESK_VAR": str(var),
        "DJANGO_SETTINGS_MODULE": "agentdesk.settings",
        "WEB_PROCESSES": "1",
        "WORKER_PROCESSES": "1",
    }
    run = subprocess.run(
        [sys.executable, "manage.py", "bench", f"--json={var}/out.json", *words],
        cwd=settings.BASE_DIR,
        env=environment,
        capture_output=True,
        text=True,
        timeout=380,
        check=False,
    )
    assert run.returncode == 0, run.stdout + run.stderr
    written = json.loads((var / "out.json").read_text(encoding="utf-8"))
    assert written["data"]["customers"] == TINY["customers"]
    figures = {figure["name"]: figure for figure in written["figures"]}
    assert set(figures) >= MEASURED
    if find_chromium():
        assert set(figures) >= IN_A_BROWSER
    else:
        assert "nothing is measured in a browser" in run.stdout
    for name, figure in figures.items():
        assert figure["count"] > 0, name
        assert figure["failures"] == 0, name
        assert figure["p50"] > 0, name
        assert name in run.stdout
    assert 0 < figures["open a conversation"]["queries"] <= 25
    assert not (var / "bench" / "chosen" / "pg" / "data" / "postmaster.pid").exists()


def test_percentiles_are_values_that_were_measured():
    values = [float(number) for number in range(1, 101)]
    assert percentile(values, 0.5) == 50
    assert percentile(values, 0.95) == 95
    assert percentile([7.0], 0.95) == 7
    assert percentile([], 0.95) == 0


@pytest.mark.parametrize(
    ("figure", "verdict"),
    [
        (timed("a", "", [10.0], target=20), "ok"),
        (timed("a", "", [30.0], target=20), "missed"),
        (timed("a", "", [10.0], queries=[26], target=20, most_queries=25), "missed"),
        (timed("a", "", [10.0], target=20, failures=1), "failed"),
        (timed("a", "", [], target=20), "failed"),
        (timed("a", "", [10.0]), "-"),
        (Figure("a", "", 250, 0, 9, target=200, is_rate=True), "ok"),
        (Figure("a", "", 150, 0, 9, target=200, is_rate=True), "missed"),
    ],
)
def test_the_verdict_compares_with_the_target(figure, verdict):
    assert figure.verdict == verdict
    assert verdict in Report("small", {}, {}, [figure]).table()
