"""{% component %} of Jinja templates: written as in Django's, drawn by the same files."""

from itertools import count
from typing import Any

from jinja2 import nodes
from jinja2.ext import Extension
from jinja2.parser import Parser
from jinja2.runtime import Context
from markupsafe import Markup

from agentdesk.web.jinja.parts import draw_component

_ENDS = ("name:fill", "name:endcomponent")


class ComponentExtension(Extension):
    """{% component "card" title=… data-x=… %} body {% fill "footer" %} … {% endcomponent %}

    See `agentdesk.web.templatetags.components.component`.
    """

    tags = {"component"}

    def __init__(self, environment: Any) -> None:
        super().__init__(environment)
        self._numbers = count()

    def parse(self, parser: Parser) -> list[nodes.Node]:
        line = next(parser.stream).lineno
        name = parser.parse_primary()
        values, attributes = self._given(parser)
        statements: list[nodes.Node] = []
        for slot, body in self._slots(parser):
            if not any(_draws_something(node) for node in body):
                continue
            place = f"_slot_{next(self._numbers)}"
            target = nodes.Name(place, "store", lineno=line)
            statements.append(nodes.AssignBlock(target, None, body, lineno=line))
            drawn = nodes.Name(place, "load", lineno=line)
            values.append(nodes.Pair(nodes.Const(slot), drawn))
        call = self.call_method(
            "_draw",
            [
                name,
                nodes.Dict(values),
                nodes.Dict(attributes),
                nodes.ContextReference(),
            ],
        )
        statements.append(nodes.Output([call], lineno=line))
        return statements

    def _given(self, parser: Parser) -> tuple[list[nodes.Pair], list[nodes.Pair]]:
        """Values of the component, and attributes (names with a hyphen)."""
        values: list[nodes.Pair] = []
        attributes: list[nodes.Pair] = []
        while parser.stream.current.type != "block_end":
            name = parser.stream.expect("name").value
            while parser.stream.skip_if("sub"):
                name += f"-{parser.stream.expect('name').value}"
            parser.stream.expect("assign")
            pair = nodes.Pair(nodes.Const(name), parser.parse_expression())
            (attributes if "-" in name else values).append(pair)
        return values, attributes

    def _slots(self, parser: Parser) -> list[tuple[str, list[nodes.Node]]]:
        found = []
        slot = "slot"
        while True:
            found.append((slot, parser.parse_statements(_ENDS)))
            if next(parser.stream).value == "endcomponent":
                return found
            named = parser.parse_primary()
            assert isinstance(named, nodes.Const)
            slot = str(named.value)

    def _draw(
        self,
        name: str,
        values: dict[str, Any],
        attributes: dict[str, Any],
        context: Context,
    ) -> Markup:
        values["csrf_input"] = context.get("csrf_input")
        return draw_component(self.environment, name, values, attributes)


def _draws_something(node: nodes.Node) -> bool:
    if not isinstance(node, nodes.Output):
        return True
    return any(
        not isinstance(one, nodes.TemplateData) or one.data.strip()
        for one in node.nodes
    )
