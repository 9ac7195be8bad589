"""The pages on which one writes as a customer."""

from collections.abc import Mapping
from pathlib import Path

from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

from conversations.adapters.simulation.base import Simulator
from conversations.adapters.simulation.wire import Answer

_TYPES = {"page.css": "text/css", "page.js": "text/javascript"}
# What the buttons say; a kind that is not here says its own name.
_LABELS: dict[str, Promise] = {
    "text": pgettext_lazy("simulator", "Send"),
    "image": pgettext_lazy("simulator", "Picture"),
    "video": pgettext_lazy("simulator", "Video"),
    "audio": pgettext_lazy("simulator", "Voice message"),
    "file": pgettext_lazy("simulator", "File"),
    "sticker": pgettext_lazy("simulator", "Sticker"),
    "location": pgettext_lazy("simulator", "Location"),
    "contacts": pgettext_lazy("simulator", "Contact card"),
    "unsend": pgettext_lazy("simulator", "Take the last one back"),
    "edit": pgettext_lazy("simulator", "Change the last one"),
    "follow": pgettext_lazy("simulator", "Add as a friend"),
    "unfollow": pgettext_lazy("simulator", "Block"),
    "postback": pgettext_lazy("simulator", "Press a button"),
    "reaction": pgettext_lazy("simulator", "React"),
    "story": pgettext_lazy("simulator", "Mention in a story"),
    "again": pgettext_lazy("simulator", "Deliver the last one again"),
    "read": pgettext_lazy("simulator", "Read everything"),
    "stop": pgettext_lazy("simulator", "STOP"),
    "start": pgettext_lazy("simulator", "START"),
    "encrypted": pgettext_lazy("simulator", "Encrypted message"),
    "unheard": pgettext_lazy("simulator", "Send; the webhook fails"),
    "choice": pgettext_lazy("simulator", "Answer to a choice"),
    "elsewhere": pgettext_lazy("simulator", "Answer as the shop, elsewhere"),
    "moves": pgettext_lazy("simulator", "Change to the number or ID written above"),
    "html": pgettext_lazy("simulator", "HTML mail"),
}


def index_page(simulators: Mapping[str, Simulator], query: Mapping[str, str]) -> Answer:
    return _page("simulators/index.html", {"simulators": simulators}, query)


def write_page(simulator: Simulator, query: Mapping[str, str]) -> Answer:
    """One person's screen, of what they and one inbox say; it reads itself again."""
    person = query.get("person", "") or "1"
    connections = simulator.connections()
    keys = [one.inbox_key for one in connections]
    wanted = query.get("inbox", "")
    at = connections[keys.index(wanted) if wanted in keys else 0] if keys else None
    labels = {**_LABELS, **simulator.labels}
    context = {
        "simulator": simulator,
        "kinds": [(kind, labels.get(kind, kind)) for kind in simulator.kinds],
        "connections": connections,
        "at": at,
        "person": person,
        "people": sorted({"1", "2", person, *(one.person for one in simulator.lines)}),
        "lines": simulator.lines_of(person, at),
    }
    return _page("simulators/write.html", context, query)


def _page(
    template: str, context: Mapping[str, object], query: Mapping[str, str]
) -> Answer:
    with translation.override("en" if query.get("lang") == "en" else "ja"):
        return Answer.html(render_to_string(template, dict(context)))


def static_file(name: str) -> Answer:
    found = finders.find(f"agentdesk/simulators/{name}") if name in _TYPES else None
    if not isinstance(found, str):
        return Answer(status=404)
    return Answer(Path(found).read_bytes(), content_type=_TYPES[name])
