"""One run: prepare, measure, print, write down."""

import os
import platform
import shutil
from collections.abc import Collection
from datetime import UTC, datetime
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

from agentdesk.ops.bench.browser import Browser
from agentdesk.ops.bench.chat import measure_chat
from agentdesk.ops.bench.fanout import measure_fanout
from agentdesk.ops.bench.figures import Figure, Report
from agentdesk.ops.bench.hooks import measure_hooks
from agentdesk.ops.bench.pages import measure_pages
from agentdesk.ops.bench.place import Place, Say, Scale, prepared
from agentdesk.ops.demo import sign_ins

PARTS = ("pages", "chat", "hooks", "sockets", "browser")


def run_bench(
    scale: Scale, var: Path, say: Say, *, only: Collection[str] | None = None
) -> Report:
    """Measure these parts on data of that scale, stored in `var` for the next run."""
    parts = [part for part in PARTS if not only or part in only]
    chromium = find_chromium() if "browser" in parts else ""
    if "browser" in parts and not chromium:
        say("No Chromium or no playwright here: nothing is measured in a browser.")
        parts.remove("browser")
    with prepared(scale, var, say, has_statics=bool(chromium)) as place:
        report = Report(scale.name, _amounts(place), _machine())
        agent = Browser(place.port)
        _role, email, password = sign_ins()[0]
        agent.sign_in(email, password)
        for part in parts:
            report.figures += _measured(part, place, scale, agent, say)
        if chromium:
            say("Measuring in Chromium…")
            # Loaded only here: an installation without the tests has no playwright.
            screen = import_module("agentdesk.ops.bench.screen")
            report.figures += screen.measure_screen(place, scale, agent, chromium)
        agent.close()
    return report


def _measured(
    part: str, place: Place, scale: Scale, agent: Browser, say: Say
) -> list[Figure]:
    if part == "pages":
        say("Measuring pages…")
        return measure_pages(place, scale, agent)
    if part == "chat":
        say("Measuring the web chat…")
        return measure_chat(place, scale, agent)
    if part == "hooks":
        say("Measuring the events of a provider…")
        return measure_hooks(place, scale, agent)
    if part == "sockets":
        say(f"Measuring signals to {scale.sockets:,} sockets…")
        return measure_fanout(place, scale, agent)
    return []


def find_chromium() -> str:
    """The path of a Chromium that playwright can drive, or nothing."""
    if find_spec("playwright") is None:
        return ""
    names = (
        *(os.environ.get("CHROMIUM", ""), "chromium-headless-shell", "chromium"),
        *("chromium-browser", "google-chrome", "google-chrome-stable"),
    )
    return next(filter(None, (shutil.which(name) for name in names if name)), "")


def _amounts(place: Place) -> dict[str, int]:
    tables = {
        "customers": "customers_customer",
        "identities": "customers_identity",
        "orders": "customers_order",
        "conversations": "conversations_conversation",
        "inquiries": "conversations_inquiry",
        "messages": "conversations_message",
    }
    with place.connect() as database:
        rows = database.execute(
            "select relname, reltuples::bigint from pg_class where relname = any(%s)",
            [list(tables.values())],
        ).fetchall()
    counted = dict(rows)
    return {name: max(0, counted[table]) for name, table in tables.items()}


def _machine() -> dict[str, str | int]:
    return {
        "at": datetime.now(tz=UTC).isoformat(timespec="seconds"),
        "cores": os.cpu_count() or 0,
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.machine()}",
    }
