from django import forms
from django.utils.translation import gettext_lazy as _

from agentdesk.web.fields import ProseField
from customers.models import ImportSettings

MOST_PEOPLE = 1000


class ImportSettingsForm(forms.Form):
    fillers = ProseField(
        label=_("Cells that say nothing"),
        required=False,
        max_length=4000,
        help_text=_(
            "One a line, in any width and case: what your shop writes where a customer "
            "number, name, phone number or mail address is not known. 0, ゲスト, 非会員, "
            "なし, 000-0000-0000, none@none.com and the like are known already."
        ),
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    shared_limit = forms.IntegerField(
        label=_("Most people of one number or address"),
        min_value=1,
        max_value=MOST_PEOPLE,
        help_text=_(
            "What more different names than these share in one file is nobody’s: "
            "it stays with the orders as text."
        ),
    )


def initial_of(chosen: ImportSettings) -> dict[str, object]:
    return {"fillers": chosen.fillers, "shared_limit": chosen.shared_limit}
