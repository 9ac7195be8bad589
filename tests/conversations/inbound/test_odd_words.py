"""Words and numbers no keyboard makes, at every field of the chat and of the desk."""

import json
from typing import Any
from uuid import uuid4

import pytest
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from conversations.models import Call, Inquiry, Message
from conversations.models.message import MAX_BODY
from tests.conversations.phone import phone_inbox_of
from tests.conversations.webchat.chat import ChatVisitor
from tests.factories.conversations import ContactReasonFactory

pytestmark = pytest.mark.django_db(transaction=True)

FAMILY = "\U0001f468\u200d\U0001f469\u200d\U0001f467"
ODD: dict[str, Any] = {
    "nul": "a\x00b",
    "surrogate": "a\ud800b",
    "overrides": "a\u202eb\u2066c",
    "family": FAMILY,
    "html": "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "template": "{{ 7*7 }}{% now 'Y' %}${7*7}",
    "endless": "9" * 5000,
    "full width": "１２３４５６７８９０１２３４５６７８９０",
    "year 0": "0000-01-01T00:00",
    "year 9999": "9999-12-31T23:59",
    "lines": "行\n" * 10_000,
    "nothing": "",
    "spaces": " \u3000\n",
}
HUGE: tuple[Any, ...] = (
    10**30,
    -1,
    0.5,
    float("inf"),
    True,
    None,
    [],
    {},
    [[]],
    "１２",
)
odd = pytest.mark.parametrize("word", list(ODD.values()), ids=list(ODD))


@pytest.fixture
def visitor(webchat) -> ChatVisitor:
    visitor = ChatVisitor(webchat)
    visitor.begin()
    visitor.send("こんにちは")
    return visitor


def is_answered(response: Any, *others: int) -> bool:
    """Done, or refused with a reason: never an error of ours, never silence."""
    return response.status_code in {200, 201, 204, 302, 400, 404, 409, 422, *others}


@odd
def test_what_a_visitor_writes_is_kept_whole_or_refused(visitor, word):
    response = visitor.send(word)
    if response.status_code == 422:
        assert response.json()["error"]["text"]
        assert Message.objects.filter(kind="text").count() == 1
        return
    assert response.status_code == 201, response.content
    stored = Message.objects.filter(kind="text").latest("pk").body
    assert not set(stored) & set("\x00\ud800\u202e\u2066")
    if word in {FAMILY, ODD["html"], ODD["template"]}:
        assert stored == word
    assert visitor.bodies()[-1] == stored


def test_the_longest_message_is_kept_and_one_letter_more_is_refused(visitor):
    assert visitor.send("字" * MAX_BODY).status_code == 201
    refused = visitor.send("字" * (MAX_BODY + 1))
    assert refused.status_code == 422
    assert "20000" in refused.json()["error"]["text"].replace(",", "")


@pytest.mark.parametrize("value", [*ODD.values(), *HUGE], ids=repr)
def test_no_field_of_the_chat_breaks_on_a_value(visitor, value):
    requests = {
        "messages/": ("body", "client_id"),
        "about/": ("name", "email", "phone", "subject"),
        "read/": ("upto", "seen"),
        "page/": ("url", "title"),
        "session/": ("url", "title", "identity"),
    }
    for path, fields in requests.items():
        whole = dict.fromkeys(fields, value)
        for sent in ({name: value} for name in fields), (whole,):
            for one in sent:
                response = visitor.post(path, one)
                assert is_answered(response), (path, one, response.status_code)
    for name in ("after", "before"):
        address = f"messages/?{name}=" + str(value).encode("utf-8", "replace").hex()
        assert is_answered(visitor.get(address))


_any = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(st.characters(exclude_categories=[]), max_size=60),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=5,
)
_bounded = settings(
    max_examples=40,
    deadline=None,
    database=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)


@_bounded
@given(
    path=st.sampled_from(
        ["messages/", "about/", "read/", "page/", "session/", "code/"]
    ),
    fields=st.dictionaries(
        st.sampled_from(
            [
                "body",
                "client_id",
                "name",
                "email",
                "phone",
                "subject",
                "upto",
                "seen",
                "url",
                "title",
                "identity",
            ]
        ),
        _any,
        max_size=5,
    ),
)
def test_nothing_a_page_sends_breaks_the_chat(visitor, path, fields):
    assert is_answered(visitor.post(path, fields), 429)


@pytest.fixture
def desk(client_of, agent, account, visitor):
    phone_inbox_of(account)
    ContactReasonFactory(account=account)
    inquiry = Inquiry.objects.get()
    client = client_of(agent)
    customer = {"customer": inquiry.conversation.customer_id}
    client.post(reverse("desk:call-start"), customer)
    return client, inquiry


FORMS: dict[str, tuple[str, ...]] = {
    "compose": ("kind", "body", "client_id", "seen", "file"),
    "draft": ("kind", "body"),
    "close": ("reason", "status", "summary", "seen", "next"),
    "reason": ("reason",),
    "status": ("status",),
    "assign": ("owner",),
    "take": ("owner",),
    "snooze": ("until", "at"),
    "call-start": ("customer", "account", "number", "code", "direction"),
    "call-draft": ("text", "version"),
    "call-customer": ("customer", "new"),
    "call-number": ("number", "answer"),
    "call-finish": ("outcome", "reason", "follow_up", "follow_up_at", "notes"),
}
GOOD = {
    "kind": "note",
    "client_id": "",
    "status": "done",
    "until": "at",
    "outcome": "call_back",
    "version": "0",
}


def address_of(name: str, inquiry: Inquiry) -> str:
    if name in {"compose", "draft"}:
        return reverse(f"desk:{name}", args=[inquiry.conversation_id])
    if name == "call-start":
        return reverse("desk:call-start")
    if name.startswith("call-"):
        return reverse(f"desk:{name}", args=[Call.objects.latest("pk").pk])
    return reverse(f"desk:{name}", args=[inquiry.pk])


@odd
def test_no_field_of_the_desk_breaks_on_a_word(desk, word):
    client, inquiry = desk
    for name, fields in FORMS.items():
        address = address_of(name, inquiry)
        for field in fields:
            good = {other: GOOD.get(other, "") for other in fields}
            good["client_id"] = str(uuid4())
            sent = {**good, field: word}
            # As a browser's form would carry it: what is no text becomes a mark.
            body = "&".join(f"{key}={_quoted(value)}" for key, value in sent.items())
            response = client.post(
                address, body, content_type="application/x-www-form-urlencoded"
            )
            assert is_answered(response), (name, field, response.status_code)


def _quoted(text: str) -> str:
    raw = text.encode("utf-8", "surrogatepass")
    return "".join(f"%{byte:02X}" for byte in raw)


# What these pages read of their address.
QUESTIONS = {
    "/desk/": ("view", "status", "shown", "lang"),
    "/desk/inquiries/more/": ("cursor",),
    "/calls/find/": ("q",),
    "/customers/": ("q", "after"),
    "/audit/": ("who", "what", "target", "since", "until", "cursor"),
}


@pytest.mark.parametrize("path", QUESTIONS)
@odd
def test_no_question_of_the_desk_breaks_on_a_word(
    desk, supervisor, client_of, path, word
):
    client = client_of(supervisor)
    for name in QUESTIONS[path]:
        response = client.get(f"{path}?{name}={_quoted(word)[:6000]}")
        assert is_answered(response), (path, name, response.status_code)


@pytest.mark.parametrize("digits", ["１２", "٣", "9" * 30, "-1", "0", "1e3"])
def test_an_id_in_odd_digits_is_nobodys(client_of, agent, digits):
    client = client_of(agent)
    for path in (
        "conversations",
        "inquiries",
        "calls",
        "customers",
        "customers/orders",
    ):
        for verb in ("", "take/", "head/", "panel/"):
            status = client.get(f"/{path}/{digits}/{verb}").status_code
            assert status in {404, 405}


def test_a_body_that_is_no_json_is_told_so(visitor):
    for body in (b"", b"[]", b"{", b"\xff", b"[" * 5000, b'{"body": NaN', b'"\\ud800"'):
        response = visitor.client.post(
            f"/chat/{visitor.inbox.key}/messages/",
            body,
            content_type="application/json",
            headers={"Authorization": f"Visitor {visitor.token}"},
        )
        assert response.status_code == 400
        assert json.loads(response.content)["error"]["code"] == "not_json"
