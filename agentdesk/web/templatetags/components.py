"""The tags that pages are put together with; a template builtin. See /styleguide/."""

from __future__ import annotations

import zlib
from typing import Any

from django import template
from django.template import engines
from django.template.base import FilterExpression, Node, NodeList, Parser, Token
from django.template.context import Context
from django.utils.functional import lazy
from django.utils.html import format_html
from django.utils.safestring import SafeString
from jinja2 import Environment

from agentdesk.accounts.access import Access
from agentdesk.accounts.roles import Permission
from agentdesk.web.icons import drawn
from agentdesk.web.jinja.parts import draw_component, draw_part
from agentdesk.web.live_regions import live_region, topic, topics_of

register = template.Library()
register.simple_tag(live_region)
register.filter(topic)
register.filter(topics_of)

COLOURS = (
    "indigo",
    "blue",
    "sky",
    "teal",
    "green",
    "lime",
    "amber",
    "orange",
    "red",
    "pink",
    "purple",
    "slate",
)


class ComponentNode(Node):
    """Renders components/<name>.jinja with nothing but what it was given."""

    def __init__(
        self,
        name: FilterExpression,
        values: dict[str, FilterExpression],
        slots: dict[str, NodeList],
    ) -> None:
        self.name = name
        self.values = values
        self.slots = slots
        self.nodelist = NodeList(node for nodes in slots.values() for node in nodes)

    def render(self, context: Context) -> SafeString:
        inner: dict[str, Any] = {}
        attributes: dict[str, Any] = {}
        for name, expression in self.values.items():
            value = expression.resolve(context)
            if "-" in name:
                attributes[name] = value
            else:
                inner[name] = value
        for slot, nodes in self.slots.items():
            inner[slot] = nodes.render(context)
        inner["csrf_input"] = csrf_input_of(context)
        name = str(self.name.resolve(context))
        return SafeString(draw_component(_jinja(), name, inner, attributes))


def _values(parser: Parser, bits: list[str]) -> dict[str, FilterExpression]:
    values = {}
    for bit in bits:
        name, equals, expression = bit.partition("=")
        if not equals:
            message = f"component: {bit!r} should be name=value"
            raise template.TemplateSyntaxError(message)
        values[name] = parser.compile_filter(expression)
    return values


@register.tag
def component(parser: Parser, token: Token) -> ComponentNode:
    """{% component "card" title=… %} body {% fill "footer" %} … {% endcomponent %}

    The body is `slot`, each `fill` a variable of its name. A name with a hyphen
    (`hx-get=url`, `data-shortcut="r"`) becomes an attribute of the root element;
    False, None and "" leave it out.
    """
    _tag, name, *bits = token.split_contents()
    values = _values(parser, bits)
    slots = {}
    slot = "slot"
    while True:
        slots[slot] = parser.parse(("fill", "endcomponent"))
        end = parser.next_token().split_contents()
        if end[0] == "endcomponent":
            break
        slot = end[1].strip("\"'")
    return ComponentNode(parser.compile_filter(name), values, slots)


@register.simple_tag(takes_context=True)
def part(context: Context, name: str, **values: Any) -> SafeString:
    """{% part "desk/_row.jinja" inquiry=inquiry %}: a Jinja template in one of Django's.

    It knows what it is given and nothing else, as with `include … only`.
    """
    return draw_in_page(context, name, values)


def draw_in_page(context: Context, name: str, values: dict[str, Any]) -> SafeString:
    """For tags that find out what their Jinja template shows."""
    values["csrf_input"] = csrf_input_of(context)
    values["viewer"] = context.get("viewer") or context.get("access")
    return SafeString(draw_part(_jinja(), name, values))


def _jinja() -> Environment:
    found: Environment = engines["jinja"].env  # type: ignore[attr-defined]  # Jinja's backend
    return found


def csrf_input_of(context: Context) -> SafeString:
    """What `{% csrf_token %}` writes; made only where a form asks for it."""

    def drawn_input() -> SafeString:
        token = context.get("csrf_token")
        return format_html(
            '<input type="hidden" name="csrfmiddlewaretoken" value="{}">', token
        )

    return lazy(drawn_input, SafeString)()


@register.simple_tag
def icon(name: str, size: int = 16, css_class: str = "") -> str:
    """A Lucide icon beside words, from the sprite (`agentdesk.web.icons`)."""
    return drawn(name + "", int(size), css_class + "")


@register.filter
def name_colour(name: object) -> str:
    """One of the colours, always the same one for a name."""
    colours = COLOURS[:-1]  # grey looks switched off
    return colours[zlib.crc32(str(name).encode()) % len(colours)]


@register.filter
def initials(name: object) -> str:
    """山田 花子 → 山, Ken Smith → KS."""
    words = str(name).split()
    if not words:
        return "?"
    if not all(word[0].isascii() for word in words):
        return words[0][0]
    return "".join(word[0] for word in words[:2]).upper()


@register.filter
def message_tone(level: str) -> str:
    return {"error": "danger", "debug": "neutral"}.get(level, level)


@register.filter
def startswith(text: str | None, starts: str) -> bool:
    """Whether it begins with one of the words given."""
    return (text or "").startswith(tuple(starts.split()))


@register.filter
def may(access: Access | None, permission: str) -> bool:
    """Whether the user holds this permission in any account: shows or hides a way in."""
    return access is not None and access.allows_anywhere(Permission(permission))
