"""What the composer submits, checked."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms

from conversations.models.message import MAX_BODY
from conversations.replies.forms.draft import read_beside
from conversations.replies.selectors.moments import FORMAT


class ComposeForm(forms.Form):
    """A reply or a note, as the composer submits it."""

    client_id = forms.UUIDField()
    kind = forms.ChoiceField(choices=[("reply", "reply"), ("note", "note")])
    body = forms.CharField(required=False, strip=False)
    seen = forms.IntegerField(required=False, min_value=0, max_value=2**62)
    via = forms.RegexField(r"^\d{1,18}:c?\d{1,18}$", required=False)
    quoted = forms.IntegerField(required=False, min_value=0, max_value=2**62)
    confirmed = forms.CharField(required=False, max_length=64)
    # For later: a moment in the account's zone, and what the reply is as a draft.
    send_at = forms.CharField(required=False, max_length=40)
    yields = forms.BooleanField(required=False)
    draft_body = forms.CharField(required=False, strip=False)
    beside = forms.CharField(required=False)

    def __init__(self, *args: Any, zone: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.zone = ZoneInfo(zone)

    def clean_send_at(self) -> datetime | None:
        """Never another time than the chosen one, and never at once instead."""
        text = self.cleaned_data["send_at"]
        if not text:
            return None
        try:
            return datetime.strptime(text, FORMAT).replace(tzinfo=self.zone)
        except ValueError as error:
            raise forms.ValidationError("no moment") from error

    def clean_beside(self) -> dict[str, Any]:
        return read_beside(self.cleaned_data["beside"])

    def clean_draft_body(self) -> str:
        return str(self.cleaned_data["draft_body"] or "")[:MAX_BODY]

    def clean_body(self) -> str:
        return str(self.cleaned_data["body"] or "")
