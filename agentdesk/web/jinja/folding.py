"""What is the same each time a template is drawn is worked out when it is compiled.

A desk has hundreds of words and icons. They are looked up once for each language, so each
language has an environment, and with it compiled templates, of its own.
"""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.utils import translation
from jinja2 import Environment, Template, nodes
from jinja2.visitor import NodeTransformer

# Functions whose result follows from what is written in the template, and the language.
_LASTING = frozenset(
    {"_", "gettext", "pgettext", "ngettext", "npgettext", "svg", "static", "url"}
)


class FoldingEnvironment(Environment):
    """Speaks one language, and writes its words into what it compiles."""

    language: str

    def _generate(
        self, source: nodes.Template, name: str | None, *rest: Any, **named: Any
    ) -> str:
        with translation.override(self.language):
            folded = _Folding(self).visit(source)
            return super()._generate(folded, name, *rest, **named)


class _Folding(NodeTransformer):
    def __init__(self, environment: Environment) -> None:
        self.environment = environment

    def visit_Call(self, node: nodes.Call) -> nodes.Node:  # noqa: N802  # Jinja's name
        self.generic_visit(node)
        values = [one.value for one in node.args if isinstance(one, nodes.Const)]
        if (
            not isinstance(node.node, nodes.Name)
            or node.node.name not in _LASTING
            or len(values) < len(node.args)
            or node.kwargs
            or node.dyn_args
            or node.dyn_kwargs
        ):
            return node
        function: Callable[..., Any] = self.environment.globals[node.node.name]  # type: ignore[assignment]
        result = function(*values)
        return nodes.Const(result, lineno=node.lineno)


class ManyLanguages(Environment):
    """Hands over the template of the reader's language. `others`: by their codes."""

    others: dict[str, FoldingEnvironment]

    def get_template(self, name: Any, *rest: Any, **named: Any) -> Template:
        language = translation.get_language() or settings.LANGUAGE_CODE
        speaker = self.others.get(language) or self.others[settings.LANGUAGE_CODE]
        return speaker.get_template(name, *rest, **named)
