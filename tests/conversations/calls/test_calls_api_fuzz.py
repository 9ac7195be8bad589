"""Whatever a telephone system posts: the right status, one sentence, nothing half kept."""

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from jsonschema import (  # type: ignore[import-untyped]  # has no stubs
    Draft202012Validator,
    validate,
)

from conversations.calls.tasks import sweep_calls
from conversations.choices import CallState, Channel, EventState
from conversations.models import Call, InboxApiKey, ProviderEvent
from tests.conversations.phone import Pbx, phone_inbox_of

pytestmark = pytest.mark.django_db(transaction=True)

RING = {"call_id": "c-1", "type": "ringing", "from": "0312345678", "to": "201"}


@pytest.fixture
def pbx(account, queue):
    return Pbx(phone_inbox_of(account, queue))


def sentences(response: Any) -> list[str]:
    return [error["message"] for error in response.json()["errors"]]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"call_id": None}, "call_id"),
        ({"call_id": 10**30}, "call_id"),
        ({"call_id": ""}, "call_id"),
        ({"call_id": " \t"}, "call_id"),
        ({"call_id": "x" * 101}, "call_id"),
        ({"call_id": "a\x00b"}, "call_id"),
        ({"call_id": "\ud800"}, "call_id"),
        ({"call_id": ["c-1"]}, "call_id"),
        ({"type": {"is": "ringing"}}, "type"),
        ({"type": True}, "type"),
        ({"from": 312345678}, "from"),
        ({"from": "0" * 101}, "from"),
        ({"to": "20\u20281"}, "to"),
        ({"extension": {}}, "extension"),
        ({"direction": "sideways"}, "direction"),
        ({"direction": None}, "direction"),
        ({"at": "gestern"}, "at"),
        ({"at": "0000-01-01T00:00:00Z"}, "at"),
        ({"at": "1999-12-31T23:59:59Z"}, "at"),
        ({"at": "9999-12-31T23:59:59Z"}, "at"),
        ({"at": "2200-01-01T00:00:00+14:00"}, "at"),
        ({"at": 10**30}, "at"),
        ({"at": -(10**18)}, "at"),
        ({"at": True}, "at"),
        ({"at": []}, "at"),
        ({"event_id": "x" * 101}, "event_id"),
        ({"event_id": 7}, "event_id"),
    ],
)
def test_a_field_that_cannot_be_is_named_in_one_sentence(pbx, change, field):
    response = pbx.post(json.dumps(RING | change))
    assert response.status_code == 422, response.content
    (sentence,) = sentences(response)
    assert sentence.startswith(f"{field}: ")
    assert sentence.count("\n") == 0
    assert not ProviderEvent.objects.exists()


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"[]",
        b"7",
        b'"ringing"',
        b"{",
        b"call_id=c-1&type=ringing",
        b"\xff\xfe\xfa",
        b"{" * 8000,
        b'{"a":' * 2000 + b"1" + b"}" * 2000,
        b'{"call_id": ' + b"9" * 5000 + b"}",
        json.dumps(RING).encode("cp932") + b"\x85",
    ],
)
def test_what_is_no_object_is_refused(pbx, body):
    response = pbx.post(body)
    assert response.status_code == 422
    assert sentences(response) == ["The body must be one JSON object."]
    assert not ProviderEvent.objects.exists()


@pytest.mark.parametrize("size", [17 * 1024, 1024 * 1024, 3 * 1024 * 1024])
def test_a_large_body_is_refused_for_its_size(pbx, size):
    response = pbx.post(json.dumps(RING | {"x": "x" * size}))
    assert response.status_code == 413
    (sentence,) = sentences(response)
    assert "16384 bytes" in sentence
    assert not ProviderEvent.objects.exists()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
@pytest.mark.parametrize(
    "content_type", ["application/json", "text/plain", "multipart/form-data", "x"]
)
def test_json_is_read_in_every_encoding_of_json_whatever_it_is_called(
    pbx, encoding, content_type
):
    response = pbx.post(json.dumps(RING).encode(encoding), content_type=content_type)
    assert response.status_code == 202
    assert ProviderEvent.objects.get().state == EventState.PROCESSED
    assert Call.objects.get().state == CallState.RINGING


def test_what_nobody_asked_for_does_not_spoil_an_event(pbx):
    deep: Any = 1
    for _level in range(200):
        deep = [deep]
    extra = {"note": "\ud800", "deep": deep, "n": 10**300, "f": 1e308, "x": None}
    assert pbx.post(json.dumps(RING | extra)).status_code == 202
    assert ProviderEvent.objects.get().state == EventState.PROCESSED


def test_an_unknown_type_is_kept_and_ignored(pbx):
    assert pbx.post(json.dumps(RING | {"type": "transferred"})).status_code == 202
    assert ProviderEvent.objects.get().state == EventState.IGNORED
    assert not Call.objects.exists()


@pytest.mark.parametrize(
    ("spoil", "is_of_phone"),
    [
        (lambda inbox, key: key.update(revoked_at="2026-01-01T00:00:00Z"), True),
        (lambda inbox, key: inbox.update(state="stopped"), True),
        (lambda inbox, key: inbox.update(channel=Channel.WEBCHAT), False),
        (lambda inbox, key: key.delete(), True),
    ],
)
def test_a_key_that_counts_no_more_tells_nothing(pbx, spoil, is_of_phone):
    spoil(
        type(pbx.inbox).objects.filter(pk=pbx.inbox.pk),
        InboxApiKey.objects.filter(inbox=pbx.inbox),
    )
    assert pbx.post(json.dumps(RING)).status_code == 401
    assert not ProviderEvent.objects.exists()


def test_every_refusal_has_the_shape_that_is_told_of_it(pbx):
    schema_document = pbx.http.get("/api/v1/openapi.json").json()
    answers = schema_document["paths"]["/api/v1/calls/events"]["post"]["responses"]
    large, wrong = json.dumps(RING | {"x": "x" * 17_000}), json.dumps({})
    for status, response in (
        ("401", pbx.post(json.dumps(RING), key="no-key")),
        ("413", pbx.post(large)),
        ("422", pbx.post(wrong)),
    ):
        assert str(response.status_code) == status
        schema = answers[status]["content"]["application/json"]["schema"]
        validate(
            response.json(), {**schema, "components": schema_document["components"]}
        )


def test_a_refused_key_is_told_how_to_come_again(pbx):
    refused = pbx.post(json.dumps(RING), key="no-key")
    assert refused.headers["WWW-Authenticate"] == "Bearer"


def test_a_moment_that_is_refused_is_not_promised(pbx):
    schemas = pbx.http.get("/api/v1/openapi.json").json()["components"]["schemas"]
    moment = {"anyOf": schemas["CallEventPayload"]["properties"]["at"]["anyOf"]}
    for at, is_taken in (
        ("2026-11-25T01:00:00Z", True),
        ("2754-02-12T01:00:00Z", False),
    ):
        assert (pbx.post(json.dumps(RING | {"at": at})).status_code == 202) == is_taken
        assert (not list(Draft202012Validator(moment).iter_errors(at))) == is_taken


@pytest.mark.parametrize(
    "key", ["", "x" * 5000, "\x00", "キー", "test-key-of-the-pbx\t"]
)
def test_an_odd_key_is_no_key(pbx, key):
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    response = pbx.http.post(
        "/api/v1/calls/events",
        json.dumps(RING),
        content_type="application/json",
        headers=headers,
    )
    assert response.status_code in {401, 202}
    assert (response.status_code == 202) == (key.strip() == pbx.key)


def test_the_same_call_id_at_two_numbers_is_two_calls(pbx, account, queue):
    other = Pbx(phone_inbox_of(account, queue), key="another-key")
    for one in (pbx, other):
        assert one.post(json.dumps(RING)).status_code == 202
    assert Call.objects.count() == 2


_texts = st.text(st.characters(exclude_categories=[]), max_size=120)
_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | _texts,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(_texts, inner, max_size=3)
    ),
    max_leaves=6,
)
_events = st.fixed_dictionaries(
    {},
    optional={
        "call_id": st.sampled_from(["c-1", "c-2"]) | _values,
        "type": st.sampled_from(["ringing", "answered", "ended", "held"]) | _values,
        "from": st.sampled_from(["0312345678", "sip:201@x", "", "anonymous"]) | _values,
        "to": st.sampled_from(["201", "0355501000"]) | _values,
        "extension": st.sampled_from(["201", "999"]) | _values,
        "direction": st.sampled_from(["inbound", "outbound"]) | _values,
        "at": st.datetimes().map(str) | st.integers() | _values,
        "event_id": _values,
        "extra": _values,
    },
)


@settings(
    max_examples=60,
    deadline=None,
    database=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)
@given(st.lists(_events, min_size=1, max_size=4))
@example([RING, RING | {"type": "ended"}, RING | {"type": "answered"}, RING])
def test_no_sequence_of_events_breaks_anything(pbx, agent, events):
    type(agent).objects.filter(pk=agent.pk).update(extension="201")
    for event in events:
        response = pbx.post(json.dumps(event))
        assert response.status_code in {202, 422}, response.content
        if response.status_code == 422:
            assert all(sentences(response))
    sweep_calls()
    states = set(ProviderEvent.objects.values_list("state", flat=True))
    assert states <= {EventState.PROCESSED, EventState.IGNORED}
