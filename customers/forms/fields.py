"""Form fields that take any hostile text and give clean words."""

import unicodedata
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


class NumberField(forms.DecimalField):
    """A number in any digits, ２３．５ included; the browser's own field takes no IME."""

    def __init__(self, **options: Any) -> None:
        widget = forms.TextInput(attrs={"inputmode": "decimal"})
        super().__init__(max_digits=18, decimal_places=6, widget=widget, **options)

    def to_python(self, value: Any) -> Any:
        if isinstance(value, str):
            value = unicodedata.normalize("NFKC", clean_text(value)).replace(",", "")
        return super().to_python(value)
