"""The form of whatever has a name and nothing else."""

from django import forms
from django.utils.translation import gettext_lazy as _

from agentdesk.web.fields import LineField


class NameForm(forms.Form):
    """A contact reason, a queue or an inbox: what it is called."""

    name = LineField(
        label=_("Name"),
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
