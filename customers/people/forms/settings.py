import re
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from agentdesk.accounts.models import Colour
from agentdesk.web.fields import ColourSelect, LineField, ProseField
from customers.choices import AttributeKind

MOST_OPTIONS = 100
_KEY = re.compile(r"[a-z][a-z0-9_]*")


class RankForm(forms.Form):
    name = LineField(label=_("Name"), max_length=40)
    colour = forms.ChoiceField(
        label=_("Colour"), choices=Colour.choices, widget=ColourSelect
    )


class AttributeForm(forms.Form):
    """A new attribute. `change=True` leaves out what stays: key and kind."""

    label = LineField(label=_("Label"), max_length=60)
    kind = forms.ChoiceField(label=_("Kind"), choices=AttributeKind.choices)
    key = LineField(
        label=_("Key"),
        max_length=40,
        required=False,
        help_text=_(
            "What imported files call it: small letters, digits and _. "
            "Made for you when left empty."
        ),
    )
    options = ProseField(
        label=_("Options"),
        required=False,
        max_length=8000,
        help_text=_("For the kind “Choice”: one option a line."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, kind: str = "", **kwargs: Any) -> None:
        """`kind` is that of an existing attribute, whose key and kind stay."""
        super().__init__(*args, **kwargs)
        self.known_kind = kind
        if kind:
            del self.fields["key"], self.fields["kind"]
        if kind and kind != AttributeKind.CHOICE:
            del self.fields["options"]

    def clean_key(self) -> str:
        key: str = self.cleaned_data["key"].lower()
        if key and not _KEY.fullmatch(key):
            raise forms.ValidationError(
                gettext(
                    "Use small letters a to z, digits and _, beginning with a letter."
                )
            )
        return key

    def clean_options(self) -> list[str]:
        lines = (
            " ".join(line.split()) for line in self.cleaned_data["options"].split("\n")
        )
        options = list(dict.fromkeys(line for line in lines if line))
        if len(options) > MOST_OPTIONS:
            raise forms.ValidationError(
                gettext("At most %(count)s options.") % {"count": MOST_OPTIONS}
            )
        too_long = next((option for option in options if len(option) > 60), None)
        if too_long:
            raise forms.ValidationError(
                gettext(
                    "An option may have 60 characters; this one is longer: %(option)s…"
                )
                % {"option": too_long[:20]}
            )
        return options

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        kind = self.known_kind or cleaned.get("kind")
        if kind != AttributeKind.CHOICE:
            cleaned["options"] = []
        elif not cleaned.get("options") and "options" not in self.errors:
            self.add_error("options", gettext("Enter at least one option."))
        return cleaned
