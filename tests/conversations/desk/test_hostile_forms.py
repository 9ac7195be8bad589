"""Every form of every page, filled in by somebody who means harm: no error, no script."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client

from agentdesk.accounts.actions.invite import invite
from agentdesk.accounts.roles import Role
from tests.routes import address_of, plain_routes, values
from tests.rows import one_of_everything

SCRIPT = '"><script>hurt()</script><img src=x onerror=hurt()>{{ 700000|add:7 }}'
NUL = "a\0b"
HOSTILE = {
    "nul": NUL,
    "half a letter, turned around": "a\ud800b\u202ec\u2066d👨‍👩‍👧‍👦",
    "script": SCRIPT,
    "endless": "a" * 100_000,
}
FREE = {"text", "search", "tel", "url", "email", "number", "date", "time", ""}
FIXED = {"csrfmiddlewaretoken", "client_id"}
_LEAVING = re.compile("logout|sign-out-everywhere")
_AJAX = ("hx-post", "hx-put", "hx-patch", "hx-delete")


@dataclass
class Form:
    """Where it goes, and its fields: the words one types, and all others."""

    action: str
    free: set[str] = field(default_factory=set)
    other: dict[str, str] = field(default_factory=dict)

    @property
    def kind(self) -> tuple[str, ...]:
        return (re.sub(r"\d+", "0", self.action), *sorted(self.free | set(self.other)))


class Forms(HTMLParser):
    """The forms of a page. A control with its own address is a form of nothing."""

    def __init__(self, address: str) -> None:
        super().__init__()
        self.address = address
        self.found: list[Form] = []
        self.is_inside = False

    def handle_starttag(self, tag: str, attributes: Any) -> None:
        attrs = {name: value or "" for name, value in attributes}
        action = next((attrs[name] for name in _AJAX if attrs.get(name)), "")
        if tag == "form" or action:
            target = action or attrs.get("action") or self.address
            if tag == "form" and not action and attrs.get("method", "get") != "post":
                target = f"GET {target}"
            form = Form(target)
            self.found.append(form)
            self.is_inside = self.is_inside or tag == "form"
            if tag != "form" and attrs.get("name"):
                form.free.add(attrs["name"])
        elif self.is_inside and attrs.get("name") and tag in _CONTROLS:
            self._control(tag, attrs)

    def _control(self, tag: str, attrs: dict[str, str]) -> None:
        form, name = self.found[-1], attrs["name"]
        if tag == "textarea" or (tag == "input" and attrs.get("type", "") in FREE):
            form.free.add(name)
        else:
            form.other.setdefault(name, attrs.get("value", ""))

    def handle_endtag(self, tag: str) -> None:
        self.is_inside = self.is_inside and tag != "form"


_CONTROLS = {"input", "textarea", "select", "button"}


@pytest.fixture
def rows(account, agent, admin, webchat) -> dict[str, Any]:
    return one_of_everything(account, agent, webchat)


@pytest.fixture
def browse(rows, agent, admin, client_of):
    """A client of that member who never leaves, and the pages they may open."""

    def browsing(who: str) -> tuple[Client, list[str]]:
        member = {"agent": agent, "admin": admin}.get(who)
        client = client_of(member) if member else Client()
        client.raise_request_exception = False
        addresses = [
            address_of(pattern, route, values(rows, route))
            for route, name, pattern in plain_routes()
            if not route.startswith(("operator/", "api/"))
            and name not in {"account_logout", "readyz"}  # 503 is right: no worker here
        ]
        _invitation, token = invite(
            rows["calls"].account, actor=admin.user, role=Role.AGENT
        )
        client.get(f"/invitation/{token}/")
        return client, addresses

    return browsing


def opened(client: Client, addresses: list[str]) -> Iterator[tuple[str, str]]:
    """The pages and fragments that answer, and what stands in them."""
    for address in addresses:
        response = client.get(address)
        assert response.status_code < 500, address
        if response.get("Content-Type", "").startswith("text/html"):
            yield address, response.content.decode()


def forms_of(client: Client, addresses: list[str]) -> list[Form]:
    found: dict[tuple[str, ...], Form] = {}
    for address, text in opened(client, addresses):
        parser = Forms(address)
        parser.feed(text)
        for form in parser.found:
            found.setdefault(form.kind, form)
    return [form for form in found.values() if not _LEAVING.search(form.action)]


def harmed(text: str) -> bool:
    return "<script>hurt" in text or "<img src=x" in text or "700007" in text


def send(client: Client, form: Form, filled: dict[str, str]) -> Any:
    body = urlencode(filled, errors="surrogatepass")
    if form.action.startswith("GET "):
        return client.get(form.action.removeprefix("GET ").split("?")[0] + f"?{body}")
    kind = "application/x-www-form-urlencoded"
    return client.post(form.action, body, content_type=kind)


def attacks(form: Form, word: str) -> Iterator[dict[str, str]]:
    """First in what one may type, then in everything a program may send."""
    fixed = {name: value for name, value in form.other.items() if name in FIXED}
    if form.free:
        yield form.other | dict.fromkeys(form.free, word)
    if set(form.other) - FIXED and word in (SCRIPT, NUL):
        yield dict.fromkeys(form.free | set(form.other), word) | fixed


@pytest.mark.parametrize("who", ["admin", "agent", "nobody"])
def test_no_form_answers_what_is_hostile_with_an_error_or_runs_it(browse, who):
    client, addresses = browse(who)
    forms = forms_of(client, addresses)
    assert len(forms) > {"admin": 50, "agent": 20, "nobody": 2}[who]
    broken = []
    for name, word in HOSTILE.items():
        for form in forms:
            for filled in attacks(form, word):
                response = send(client, form, filled)
                is_page = response.get("Content-Type", "").startswith("text/html")
                if response.status_code >= 500 or (
                    is_page and harmed(response.content.decode(errors="replace"))
                ):
                    broken.append((name, form.kind, response.status_code))
    assert broken == []
    for address, text in opened(client, addresses):
        assert not harmed(text), address
    is_still_here = client.get("/me/").status_code == 200
    assert is_still_here == (who != "nobody")
