"""Form fields that take any hostile text and give clean words."""

import unicodedata
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from agentdesk.card_masking import holds_card
from customers.people.text import clean_text, stored_text


class WordsField(forms.CharField):
    """One line without control characters, card numbers or lone surrogates."""

    def to_python(self, value: Any) -> str:
        return " ".join(stored_text(super().to_python(value) or "").split())


class AddressField(forms.CharField):
    """A number or address: refused, not masked, where it is a card's."""

    def to_python(self, value: Any) -> str:
        return " ".join(clean_text(super().to_python(value) or "").split())

    def validate(self, value: str) -> None:
        super().validate(value)
        if holds_card(value):
            raise forms.ValidationError(
                _("This looks like a card number, which may not be kept.")
            )


class ProseField(forms.CharField):
    """Several lines, cleaned in the same way."""

    def __init__(self, **options: Any) -> None:
        super().__init__(widget=forms.Textarea(attrs={"rows": 3}), **options)

    def to_python(self, value: Any) -> str:
        return stored_text(super().to_python(value) or "").strip()


class NumberField(forms.DecimalField):
    """A number in any digits, ２３．５ included; the browser's own field takes no IME."""

    def __init__(self, **options: Any) -> None:
        widget = forms.TextInput(attrs={"inputmode": "decimal"})
        super().__init__(max_digits=18, decimal_places=6, widget=widget, **options)

    def to_python(self, value: Any) -> Any:
        if isinstance(value, str):
            value = unicodedata.normalize("NFKC", clean_text(value)).replace(",", "")
        return super().to_python(value)
