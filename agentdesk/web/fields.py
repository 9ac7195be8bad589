"""Form fields that keep clean words, whatever was typed or pasted."""

from collections.abc import Callable, Iterable
from typing import Any

from django import forms

from agentdesk.web.text import stored_text


class LineField(forms.CharField):
    """One line: no control characters, card numbers, line breaks, doubled spaces."""

    def to_python(self, value: Any) -> str:
        return " ".join(stored_text(super().to_python(value) or "").split())


class ProseField(forms.CharField):
    """Several lines of text without control characters and card numbers."""

    widget = forms.Textarea

    def to_python(self, value: Any) -> str:
        return stored_text(super().to_python(value) or "").strip()


class ColourSelect(forms.RadioSelect):
    """The account colours as swatches; each radio button says the colour's name."""

    template_name = "settings/widgets/colours.html"


class SearchSelect(forms.TextInput):
    """A text box that offers `options` (value, label) while one types: a datalist."""

    template_name = "settings/widgets/search_select.html"

    def __init__(self, options: Callable[[], Iterable[tuple[str, str]]]) -> None:
        super().__init__(attrs={"autocomplete": "off", "spellcheck": "false"})
        self.options = options

    def get_context(
        self, name: str, value: Any, attrs: dict[str, Any] | None
    ) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        context["widget"]["options"] = self.options()
        context["widget"]["attrs"]["list"] = f"{name}-options"
        return context
