"""Values held against the schemas of an OpenAPI 3.0 file."""

import copy
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml
from jsonschema.exceptions import (  # type: ignore[import-untyped]  # has no stubs
    ValidationError,
)
from jsonschema.validators import (  # type: ignore[import-untyped]  # has no stubs
    extend,
)
from openapi_schema_validator import OAS30Validator

_HOME = "#/components/schemas/"
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def _pick(
    validator: Any, choice: Mapping[str, Any], value: Any, schema: Any
) -> Iterator[ValidationError]:
    """What OpenAPI's `discriminator` means: one property names the schema of the rest."""
    kind = value.get(choice["property"]) if isinstance(value, dict) else None
    target = choice["mapping"].get(kind)
    if target is None:
        yield ValidationError(f"{choice['property']} {kind!r} is not known")
    else:
        yield from validator.descend(value, {"$ref": target})


_Validator = extend(OAS30Validator, {"x-pick": _pick})


class Spec:
    def __init__(self, document: Mapping[str, Any]) -> None:
        self.paths: Mapping[str, Any] = document.get("paths", {})
        self._components = {"schemas": _with_choices(document["components"]["schemas"])}

    def faults(self, schema: str, value: Any) -> list[tuple[str, str]]:
        """Where a value breaks the schema of that name, and how; empty for a good one."""
        root = {"$ref": _HOME + schema, "components": self._components}
        errors = _Validator(root).iter_errors(value)
        return [(_place(error), error.message[:200]) for error in errors]

    def body_of(self, method: str, path: str) -> str:
        """The name of the schema that a request's body has; empty without one."""
        body = self.paths.get(path, {}).get(method.lower(), {}).get("requestBody", {})
        schema = body.get("content", {}).get("application/json", {}).get("schema", {})
        return str(schema.get("$ref", "")).removeprefix(_HOME)


@lru_cache(maxsize=8)
def load(path: Path, change: Callable[[Any], None] | None = None) -> Spec:
    """A file, once; `change(schemas)` adds what it does not know yet."""
    document = yaml.load(path.read_text(encoding="utf-8"), Loader=_Loader)  # noqa: S506  # safe loaders both
    if change is not None:
        change(document["components"]["schemas"])
    return Spec(document)


def _with_choices(schemas: Mapping[str, Any]) -> dict[str, Any]:
    """The schemas with each discriminator as a choice; heirs take their plain parent."""
    found = copy.deepcopy(dict(schemas))
    for name, schema in list(found.items()):
        choice = schema.pop("discriminator", None)
        if not choice or "mapping" not in choice:
            continue
        plain = f"{name}-plain"
        found[plain] = schema
        found[name] = {
            "x-pick": {
                "property": choice["propertyName"],
                "mapping": choice["mapping"],
            }
        }
        for heir in choice["mapping"].values():
            _take_plain(found, heir.removeprefix(_HOME), name)
    return found


def _take_plain(found: dict[str, Any], heir: str, name: str) -> None:
    """An heir is its parent's properties and its own, not a choice of heirs again."""
    schema = found.get(f"{heir}-plain", found[heir])
    for parent in schema.get("allOf", []):
        if parent.get("$ref") == _HOME + name:
            parent["$ref"] = f"{_HOME}{name}-plain"


def _place(error: ValidationError) -> str:
    """As providers write it: messages[0].text."""
    place = ""
    for step in error.absolute_path:
        if isinstance(step, int):
            place += f"[{step}]"
        else:
            place += f".{step}" if place else str(step)
    return place
