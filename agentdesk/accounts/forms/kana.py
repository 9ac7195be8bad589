"""The reading of a name."""

import re
import unicodedata
from typing import Any

import jaconv
from django import forms
from django.utils.translation import gettext

from agentdesk.web.fields import LineField

_READING = re.compile(r"[ァ-ヺーヽヾ・\s]*")


class KanaField(LineField):
    """Katakana, however it was typed: hiragana and half-width letters become it."""

    def to_python(self, value: Any) -> str:
        text = unicodedata.normalize("NFKC", super().to_python(value))
        return jaconv.hira2kata(text)

    def validate(self, value: str) -> None:
        super().validate(value)
        if not _READING.fullmatch(value):
            raise forms.ValidationError(
                gettext("Write the reading in kana, as it is spoken: スズキ.")
            )
