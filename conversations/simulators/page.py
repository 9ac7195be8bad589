"""The pages on which one writes as a customer."""

from collections.abc import Mapping

from django.template.loader import render_to_string

from conversations.simulators.base import Simulator


def index_page(simulators: Mapping[str, Simulator]) -> str:
    return render_to_string("simulators/index.html", {"simulators": simulators})


def write_page(simulator: Simulator, query: Mapping[str, str]) -> str:
    """One person's screen; it reads itself again every two seconds."""
    person = query.get("person", "") or "1"
    context = {
        "simulator": simulator,
        "connections": simulator.connections(),
        "person": person,
        "people": sorted({"1", "2", person, *(one.person for one in simulator.lines)}),
        "lines": simulator.lines_of(person),
    }
    return render_to_string("simulators/write.html", context)
