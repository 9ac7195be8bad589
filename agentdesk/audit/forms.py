from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from agentdesk.accounts.models import User
from agentdesk.audit.entries import Filters, members_of
from agentdesk.audit.names import NOUNS
from agentdesk.web.fields import LineField

# Years a clock can show in every time zone.
_EARLIEST, _LATEST = 2, 9998


def _nouns() -> list[tuple[str, Any]]:
    return [("", _("Everything")), *sorted(NOUNS.items(), key=lambda n: str(n[1]))]


class FilterForm(forms.Form):
    who = forms.ModelChoiceField(
        label=_("Who"),
        queryset=User.objects.none(),
        required=False,
        empty_label=_("Everybody"),
    )
    what = forms.ChoiceField(label=_("What"), choices=_nouns, required=False)
    target = LineField(label=_("On what"), max_length=200, required=False)
    since = forms.DateField(
        label=_("From day"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
    )
    until = forms.DateField(
        label=_("To day"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
    )

    def __init__(self, data: Any, *, account_ids: list[int]) -> None:
        super().__init__(data)
        self.fields["who"].queryset = members_of(account_ids)  # type: ignore[attr-defined]  # a ModelChoiceField

    def filters(self) -> Filters:
        """What was asked for; fields that make no sense ask for nothing."""
        self.full_clean()
        stated = {k: v for k, v in self.cleaned_data.items() if v}
        for end in ("since", "until"):
            if end in stated and not _EARLIEST <= stated[end].year <= _LATEST:
                del stated[end]
        return Filters(**stated)
