"""What the composer submits, checked."""

from django import forms


class ComposeForm(forms.Form):
    """A reply or a note, as the composer submits it."""

    client_id = forms.UUIDField()
    kind = forms.ChoiceField(choices=[("reply", "reply"), ("note", "note")])
    body = forms.CharField(required=False, strip=False)
    seen = forms.IntegerField(required=False, min_value=0, max_value=2**62)
    via = forms.RegexField(r"^\d{1,18}:c?\d{1,18}$", required=False)
    quoted = forms.IntegerField(required=False, min_value=0, max_value=2**62)
    confirmed = forms.CharField(required=False, max_length=64)

    def clean_body(self) -> str:
        return str(self.cleaned_data["body"] or "")
