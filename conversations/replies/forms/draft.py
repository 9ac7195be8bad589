"""What the composer keeps of a message that has not been sent."""

from typing import Annotated, Any

from django import forms
from pydantic import AfterValidator, BaseModel, StringConstraints, ValidationError
from pydantic import Field as Limited

from conversations.models.message import MAX_BODY
from customers.people.text import clean_text, storable_html, stored_text

_MAX_HTML = 500_000  # characters, as of what is sent


def _whole(html: str) -> str:
    """Half of it would be another text: too long, it goes, and the words stay."""
    return storable_html(html) if len(html) <= _MAX_HTML else ""


_Words = Annotated[str, StringConstraints(max_length=320), AfterValidator(stored_text)]
_Value = Annotated[str, StringConstraints(max_length=1024), AfterValidator(stored_text)]
_Name = Annotated[str, StringConstraints(max_length=600), AfterValidator(clean_text)]
_Html = Annotated[str, AfterValidator(_whole)]
_Key = Annotated[str, StringConstraints(max_length=64), AfterValidator(clean_text)]


class Beside(BaseModel):
    """What stands beside the text of a reply; names that are not here are dropped."""

    via: _Key = ""
    usual: _Key = ""
    subject: _Words = ""
    cc: list[_Words] = Limited(default=[], max_length=50)
    bcc: list[_Words] = Limited(default=[], max_length=50)
    html: _Html = ""
    files: list[_Key] = Limited(default=[], max_length=20)
    template: _Name = ""  # of the provider, and what fills its gaps
    values: list[_Value] = Limited(default=[], max_length=50)


def read_beside(text: str) -> dict[str, Any]:
    """A draft is never refused: what cannot be read is left out."""
    try:
        beside = Beside.model_validate_json(text or "{}")
    except ValidationError:
        return {}
    return {name: value for name, value in beside if value}


class DraftForm(forms.Form):
    kind = forms.ChoiceField(choices=[("reply", "reply"), ("note", "note")])
    body = forms.CharField(required=False, strip=False)
    beside = forms.CharField(required=False)
    client_id = forms.UUIDField(required=False)
    is_before = forms.BooleanField(required=False)  # what has been begun since

    def draft(self) -> dict[str, Any]:
        """What is kept of it."""
        return {
            name: self.cleaned_data[name] for name in ("body", "beside", "client_id")
        }

    def to_save(self) -> dict[str, Any]:
        """The same, with how it is to be stored."""
        is_note = self.cleaned_data["kind"] == "note"
        is_before = self.cleaned_data["is_before"]
        return self.draft() | {"is_note": is_note, "is_before": is_before}

    def clean_body(self) -> str:
        """A draft is never refused for its length: what fits is kept."""
        return str(self.cleaned_data["body"] or "")[:MAX_BODY]

    def clean_beside(self) -> dict[str, Any]:
        return read_beside(self.cleaned_data["beside"])
