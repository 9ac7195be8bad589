"""Drawing one template within another, with nothing but what it is given."""

from collections.abc import Mapping
from typing import Any

from jinja2 import Environment, Template, pass_context
from jinja2.runtime import Context, Undefined
from markupsafe import Markup, escape

_SLOTS = ("slot", "actions", "footer")


@pass_context
def part(context: Context, name: str, /, **values: Any) -> Markup:
    """{{ part("desk/_row.jinja", inquiry=inquiry) }}: `include … only` of Django.

    Who looks at the page (`viewer`, their access) goes along into all of its parts.
    """
    values["csrf_input"] = context.get("csrf_input")
    values["viewer"] = context.get("viewer") or context.get("access")
    return draw_part(context.environment, name, values)


def draw_part(environment: Environment, name: str, values: dict[str, Any]) -> Markup:
    """The template with these values alone."""
    return _drawn(environment.get_template(name), values)


def _drawn(template: Template, values: dict[str, Any]) -> Markup:
    """`Template.render` without its detours: a desk is made of a hundred of them."""
    environment = template.environment
    known = environment.globals | values
    context = Context(environment, known, template.name, template.blocks)
    return Markup("".join(template.root_render_func(context)))  # noqa: S704  # drawn by the engine


def draw_component(
    environment: Environment,
    name: str,
    values: dict[str, Any],
    attributes: Mapping[str, Any],
) -> Markup:
    """components/<name>.jinja; `attributes` go to its root element."""
    for slot in _SLOTS:
        if slot in values:
            values[slot] = Markup(str(values[slot]).strip())  # noqa: S704  # drawn by the engine
    values["attrs"] = _flat(attributes)
    return _drawn(environment.get_template(f"components/{name}.jinja"), values)


def _flat(attributes: Mapping[str, Any]) -> Markup:
    """True writes the name alone; None, False, "" and what is missing write nothing."""
    written = []
    for name, value in attributes.items():
        if value is True:
            written.append(f" {name}")
        elif not (value is None or value is False or value == "" or _is_missing(value)):
            written.append(f' {name}="{escape(value)}"')
    return Markup("".join(written))  # noqa: S704  # every value is escaped above


def _is_missing(value: object) -> bool:
    return isinstance(value, Undefined)
