from django import forms
from django.utils.translation import gettext_lazy as _

from agentdesk.web.fields import ProseField
from customers.models import ImportSettings

MOST_PEOPLE = 1000


class ImportSettingsForm(forms.Form):
    fillers = ProseField(
        label=_("Values that mean “not given”"),
        required=False,
        max_length=4000,
        help_text=_(
            "One per line: what your shop writes where a customer number, name, phone "
            "number or email address is not known. Width and case do not matter. "
            "0, ゲスト, 非会員, なし, 000-0000-0000, none@none.com and the like are known "
            "already."
        ),
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    shared_limit = forms.IntegerField(
        label=_("Most people who share a number or address"),
        min_value=1,
        max_value=MOST_PEOPLE,
        help_text=_(
            "A number or address that more names than this share in one file is taken "
            "as nobody’s. It stays with the orders as text."
        ),
    )


def initial_of(chosen: ImportSettings) -> dict[str, object]:
    return {"fillers": chosen.fillers, "shared_limit": chosen.shared_limit}
