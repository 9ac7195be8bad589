"""The forms of what has a name, and of what is read as well."""

from django import forms
from django.utils.translation import gettext_lazy as _

from agentdesk.web.fields import LineField


class NameForm(forms.Form):
    """A queue or an inbox: what it is called."""

    name = LineField(
        label=_("Name"),
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class ReasonNameForm(NameForm):
    """A contact reason, and how it is read: it is found by both."""

    kana = LineField(
        label=_("Reading"),
        required=False,
        max_length=120,
        help_text=_(
            "In kana. Members find the reason by it, and by its Latin letters."
        ),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
