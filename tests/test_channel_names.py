"""A channel is named in its own folder, in the registry and in `choices`: nowhere else.

Shared code asks `capabilities`, `about` and the hooks of its adapter.
"""

import ast
import re
from pathlib import Path

import pytest

from conversations.adapters.registry import ADAPTERS
from conversations.choices import Channel

ROOT = Path(__file__).parent.parent
TOPS = ("agentdesk", "conversations", "customers", "templates")
CHANNELS = "conversations/adapters"
HOME = {
    "conversations/choices.py": "the one word",
    "conversations/adapters/registry.py": "the one line",
    "agentdesk/static/agentdesk/css/channels.css": "written by `make icons`",
}
NOT_OURS = {"vendor", "migrations", "__pycache__", "locale", "node_modules"}
# Plain words of the house as well: fields of people, a line of text, a close button.
PLAIN = {"webchat", "phone", "email", "line", "x"}
PROVIDERS = ("twilio", "facebook")

# Each with its reason. One that is needed no more fails below: the list only shrinks.
EXCEPTIONS = {
    "conversations/webchat": "an area of its own: our chat, its visitors and the demo shop",
    "conversations/calls": "an area of its own: the telephone",
    "conversations/api/calls.py": "what a telephone system posts",
    "conversations/api/links.py": "its address and its source, which shops go by",
    "conversations/management/commands/simulate_call.py": "a telephone system that rings",
    "conversations/adapters/meta_graph": "the protocol that three channels of Meta share",
    "conversations/inbound/mailboxes": "reads mailboxes, which nobody posts to us",
    "conversations/inbound/mail.py": "a mail is threaded by rows no adapter knows",
    "conversations/inbound/store_mail.py": "the same",
    "conversations/inbound/thread_mail.py": "the same",
    "conversations/desk/selectors/mail.py": "shows a mail's HTML and folds what it quotes",
    "conversations/templatetags/mail.py": "says what was found of a mail's sender",
    "conversations/replies/forms/mail.py": "reads the addresses that a writer types",
    "conversations/replies/actions/compose.py": "cleans the HTML of a draft",
    "conversations/inboxes/views/phones.py": "the telephone's own settings page",
    "conversations/inboxes/views/webchats.py": "the web chat's own settings pages",
    "conversations/setup": "a new account begins with a telephone and a web chat",
    "conversations/models/conversation.py": "a column's default, which would be a migration",
    "agentdesk/ops": "the demo's scenes, measurements and faults play certain channels",
    "agentdesk/log_masking.py": "LINE is PostgreSQL's word there",
    "templates/styleguide": "samples of components",
}


def _patterns() -> list[re.Pattern[str]]:
    values = [channel.value for channel in Channel]
    either = "|".join(values)
    words = "|".join([*(one for one in values if one not in PLAIN), *PROVIDERS])
    return [
        re.compile(rf"\bChannel\.(?:{'|'.join(one.upper() for one in values)})\b"),
        re.compile(rf"conversations\.adapters\.(?:{either})\b"),
        re.compile(rf"[Cc]hannel\w*\s*(?:==|!=|=|:)\s*[\"'](?:{either})[\"']"),
        re.compile(rf"--channel-(?:{either})\b"),
        re.compile(rf"(?i)(?<![a-z])(?:{words})(?![a-z])"),
        re.compile(r"\bLINE\b"),
    ]


def _sources() -> list[Path]:
    return [
        path
        for top in TOPS
        for path in sorted((ROOT / top).rglob("*"))
        if path.suffix in {".py", ".html", ".css", ".js"}
        and not NOT_OURS & set(path.parts)
    ]


def _is_at_home(name: str) -> bool:
    own = (f"{CHANNELS}/{channel.value}/" for channel in Channel)
    return name in HOME or name.startswith(tuple(own))


def named() -> dict[str, set[str]]:
    """The names in each file that is no channel's own."""
    patterns = _patterns()
    found: dict[str, set[str]] = {}
    for path in _sources():
        name = str(path.relative_to(ROOT))
        if _is_at_home(name):
            continue
        text = path.read_text(encoding="utf-8")
        words = {one for pattern in patterns for one in pattern.findall(text)}
        if words:
            found[name] = words
    return found


def _is_within(name: str, place: str) -> bool:
    return name == place or name.startswith(f"{place}/")


def test_no_channel_is_named_outside_its_folder():
    assert not {
        name: words
        for name, words in named().items()
        if not any(_is_within(name, place) for place in EXCEPTIONS)
    }


def test_an_exception_that_is_needed_no_more_leaves_the_list():
    found = named()
    assert not [
        place
        for place in EXCEPTIONS
        if not any(_is_within(name, place) for name in found)
    ]


@pytest.mark.parametrize("channel", sorted(ADAPTERS))
def test_a_channel_knows_no_other(channel):
    others = {f"{CHANNELS.replace('/', '.')}.{one}" for one in ADAPTERS} - {
        f"{CHANNELS.replace('/', '.')}.{channel}"
    }
    assert not {
        f"{path.relative_to(ROOT)}: {module}"
        for path in (ROOT / CHANNELS / channel).rglob("*.py")
        for module in _imported(path)
        if any(module == one or module.startswith(f"{one}.") for one in others)
    }


def _imported(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            found |= {f"{node.module}.{one.name}" for one in node.names}
        elif isinstance(node, ast.Import):
            found |= {one.name for one in node.names}
    return found


@pytest.mark.parametrize("channel", sorted(ADAPTERS))
def test_everything_of_a_channel_is_in_its_folder(channel):
    adapter = ADAPTERS[channel]
    folder = ROOT / CHANNELS / channel
    assert adapter.__module__ == f"conversations.adapters.{channel}.adapter"
    assert adapter.about.icon
    assert len(adapter.about.colours) == 2
    if adapter.fields:
        assert (folder / "templates" / channel / "guide.html").is_file()
        assert (folder / "simulator" / "__init__.py").is_file()


def test_no_two_channels_look_alike():
    looks = [adapter.about for adapter in ADAPTERS.values()]
    assert len({one.icon for one in looks}) == len(looks)
    assert len({one.colours for one in looks}) == len(looks)
    assert len({one.mark for one in looks}) == len(looks)
