"""The templates a provider has approved for an inbox, and one of them filled."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from conversations.adapters.provider_template import ProviderTemplate, TemplateVariable
from conversations.contents.sending import SentTemplate
from conversations.models import Inbox

_GAP = re.compile(r"\{\{\s*(\w+)\s*\}\}")


@dataclass(frozen=True)
class Piece:
    """Part of a template's text; one with a `number` is the gap of that field."""

    text: str
    number: int = 0


@dataclass(frozen=True)
class Gap:
    """One field to fill; `field` is its name in the form."""

    number: int
    variable: TemplateVariable

    @property
    def field(self) -> str:
        return f"variable_{self.number}"


@dataclass(frozen=True)
class OfferedTemplate:
    template: ProviderTemplate

    @property
    def value(self) -> str:
        """How a form names it."""
        return f"{self.template.name}|{self.template.language}"

    @property
    def gaps(self) -> list[Gap]:
        numbered = enumerate(self.template.variables, start=1)
        return [Gap(number, variable) for number, variable in numbered]

    @property
    def lines(self) -> list[list[Piece]]:
        """Header, text and footer, each in pieces."""
        template = self.template
        parts = (
            (template.header, "header"),
            (template.body, "body"),
            (template.footer, ""),
        )
        return [self._pieces(text, place) for text, place in parts if text]

    def _pieces(self, text: str, place: str) -> list[Piece]:
        numbers = {
            gap.variable.label: gap.number
            for gap in self.gaps
            if gap.variable.place == place
        }
        pieces, end = [], 0
        for match in _GAP.finditer(text):
            if match[1] in numbers:
                pieces.append(Piece(text[end : match.start()]))
                pieces.append(Piece(match[0], numbers[match[1]]))
                end = match.end()
        return [*pieces, Piece(text[end:])]

    def filled(self, values: Mapping[int, str]) -> str:
        """The text as the customer reads it."""
        lines = [
            "".join(values.get(one.number, one.text) for one in line)
            for line in self.lines
        ]
        return "\n\n".join(lines)

    def sent(self, values: Mapping[int, str]) -> SentTemplate:
        """What the adapter sends by."""
        variables = [
            {
                "place": gap.variable.place,
                "name": gap.variable.name,
                "index": gap.variable.index,
                "kind": gap.variable.kind,
                "value": values[gap.number],
            }
            for gap in self.gaps
        ]
        return SentTemplate(
            name=self.template.name,
            language=self.template.language,
            header_file=self.template.header_file,
            variables=variables,
        )


def provider_templates(inbox: Inbox) -> Sequence[OfferedTemplate]:
    """Of an inbox that comes with its `connection`: no query."""
    connection = getattr(inbox, "connection", None)
    return [
        OfferedTemplate(_template(one))
        for one in (connection.facts.get("templates", ()) if connection else ())
    ]


def find_template(inbox: Inbox, value: str) -> OfferedTemplate | None:
    return next((one for one in provider_templates(inbox) if one.value == value), None)


def _template(stored: Mapping[str, Any]) -> ProviderTemplate:
    variables = [TemplateVariable(**one) for one in stored.get("variables", ())]
    return replace(ProviderTemplate(**stored), variables=variables)
