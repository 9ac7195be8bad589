"""Form fields that take any hostile text and give clean words."""

from typing import Any

from django import forms

from customers.text import clean_text


class WordsField(forms.CharField):
    """One line without control characters, bidi overrides or lone surrogates."""

    def to_python(self, value: Any) -> str:
        return " ".join(clean_text(super().to_python(value) or "").split())


class ProseField(forms.CharField):
    """Several lines, cleaned in the same way."""

    def __init__(self, **options: Any) -> None:
        super().__init__(widget=forms.Textarea(attrs={"rows": 3}), **options)

    def to_python(self, value: Any) -> str:
        return clean_text(super().to_python(value) or "").strip()
