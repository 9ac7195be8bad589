"""What a message consists of: each kind as it goes into the JSON and comes out again."""

import json
from dataclasses import fields
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace
from typing import Any, get_type_hints

import pytest

from conversations import contents
from conversations.contents.base import Content, JsonFields, LooseContent
from conversations.contents.circumstances import Automatic, Origin, Quotation
from conversations.contents.email import ComposedMail, Email
from conversations.contents.phone_note import PhoneNote
from conversations.contents.speaker import Speaker
from conversations.contents.system_line import Lead, SystemLine

BASES = {Content, LooseContent, JsonFields}
PARTS = {ComposedMail, Lead}  # they read a part of another kind's JSON


def kinds() -> list[type[JsonFields]]:
    files = Path(contents.__path__[0]).glob("*.py")
    modules = [import_module(f"conversations.contents.{one.stem}") for one in files]
    found = {
        one
        for module in modules
        for one in vars(module).values()
        if isinstance(one, type) and issubclass(one, JsonFields)
    }
    return sorted(found - BASES, key=lambda one: one.__name__)


def filled(kind: type[JsonFields]) -> JsonFields:
    """With something in each field, other than its default."""
    hints = get_type_hints(kind)
    values: dict[str, Any] = {}
    for one in fields(kind):
        hint = str(hints[one.name])
        if hints[one.name] is bool:
            values[one.name] = not one.default
        elif "Mapping" in hint and "Sequence" not in hint:
            values[one.name] = {"a": 1}
        elif "Sequence" in hint:
            values[one.name] = [["名", "a@example.jp"]]
        else:
            values[one.name] = "語" if hints[one.name] is str else 7
    return kind(**values)


def stored(found: JsonFields) -> SimpleNamespace:
    return SimpleNamespace(data=json.loads(json.dumps(found.as_data())))


@pytest.mark.parametrize("kind", kinds())
def test_all_of_it_comes_back(kind):
    one = filled(kind)
    assert kind.of(stored(one)) == one


@pytest.mark.parametrize("kind", kinds())
def test_none_of_it_is_read_out_of_anything(kind):
    for data in ({}, {"another": {"kind": 1}}, {getattr(kind, "NAME", "x"): None}):
        found = kind.of(SimpleNamespace(data=data))
        assert found is None if issubclass(kind, Content) else found == kind()


@pytest.mark.parametrize("kind", [one for one in kinds() if issubclass(one, Content)])
def test_what_stands_there_and_is_no_object_is_nothing(kind):
    for value in ("x", 3, [1], True):
        assert kind.of(SimpleNamespace(data={kind.NAME: value})) is None


def test_no_two_kinds_use_one_key():
    keys = [
        key
        for kind in kinds()
        if kind not in PARTS
        for key in ([kind.NAME] if issubclass(kind, Content) else json_keys(kind))
    ]
    assert sorted(keys) == sorted(set(keys))


def json_keys(kind: type[JsonFields]) -> list[str]:
    return list(filled(kind).as_json())


def test_defaults_are_left_out_but_a_zero_that_says_something_is_not():
    assert Email(subject="件名", to=[], folded=0).as_data() == {
        "email": {"subject": "件名"}
    }
    assert ComposedMail(is_quoting=False).as_data() == {"email": {"is_quoting": False}}
    assert PhoneNote(talk_seconds=0).as_data() == {"talk_seconds": 0}
    assert Speaker("U1").as_data() == {"speaker": {"id": "U1", "name": ""}}
    assert SystemLine().as_data() == {"before": {}, "after": {}}


def test_unknown_keys_and_nulls_are_left_out():
    found = Email.from_json({"subject": None, "from": [["", "a@b.jp"]], "new": 1})
    assert found == Email(from_=[["", "a@b.jp"]])
    assert Quotation.from_json({"quoted": "m1", "email": {}}).quoted == "m1"
    assert Origin.from_json({"standby": True}) == Origin(standby=True)


def test_what_has_nothing_of_a_kind_costs_no_object():
    message = SimpleNamespace(data={"email": {"subject": "件名"}})
    assert Automatic.of(message) is Automatic.of(message)
