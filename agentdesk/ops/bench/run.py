"""One run: prepare, measure, print, write down."""

import os
import platform
from datetime import UTC, datetime
from pathlib import Path

from agentdesk.ops.bench.browser import Browser
from agentdesk.ops.bench.chat import measure_chat
from agentdesk.ops.bench.fanout import measure_fanout
from agentdesk.ops.bench.figures import Report
from agentdesk.ops.bench.hooks import measure_hooks
from agentdesk.ops.bench.pages import measure_pages
from agentdesk.ops.bench.place import Place, Say, Scale, prepared
from agentdesk.ops.demo import sign_ins


def run_bench(scale: Scale, var: Path, say: Say) -> Report:
    """Measure everything on data of that scale, kept in `var` for the next run."""
    with prepared(scale, var, say) as place:
        report = Report(scale.name, _amounts(place), _machine())
        agent = Browser(place.port)
        _role, email, password = sign_ins()[0]
        agent.sign_in(email, password)
        say("Measuring pages…")
        report.figures += measure_pages(place, scale, agent)
        say("Measuring the web chat…")
        report.figures += measure_chat(place, scale, agent)
        say("Measuring the events of a provider…")
        report.figures += measure_hooks(place, scale, agent)
        say(f"Measuring signals to {scale.sockets:,} sockets…")
        report.figures += measure_fanout(place, scale, agent)
        agent.close()
    return report


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
