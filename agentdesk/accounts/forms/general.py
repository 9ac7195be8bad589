from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from agentdesk.accounts.models import ClientAccount, Colour
from agentdesk.accounts.phone import example_number, national, read_number
from agentdesk.accounts.places import phone_regions, time_zones, zone_names
from agentdesk.web.fields import ColourSelect, LineField, SearchSelect

LANGUAGES = [("ja", _("Japanese")), ("en", _("English"))]
MOST_REOPEN_HOURS = 24 * 90


class PlaceFields(forms.Form):
    """Where an account is and how it looks: shared by new and existing accounts."""

    name = LineField(label=_("Name"), max_length=100)
    colour = forms.ChoiceField(
        label=_("Colour"),
        choices=Colour.choices,
        widget=ColourSelect,
        help_text=_("Marks this company wherever several are on one screen."),
    )
    locale = forms.ChoiceField(label=_("Language of its customers"), choices=LANGUAGES)
    time_zone = forms.CharField(
        label=_("Time zone"),
        widget=SearchSelect(time_zones),
        help_text=_("Type a city to search."),
    )
    phone_region = forms.ChoiceField(
        label=_("Phone region"),
        choices=phone_regions,
        help_text=_(
            "Telephone numbers without a country code are read as numbers from here."
        ),
    )

    def clean_time_zone(self) -> str:
        zone: str = self.cleaned_data["time_zone"]
        if zone not in zone_names():
            raise forms.ValidationError(
                gettext("There is no such time zone. Choose one from the list.")
            )
        return zone


class GeneralForm(PlaceFields):
    phone_number = LineField(
        label=_("Telephone number shown to customers"),
        max_length=40,
        required=False,
        help_text=_("The web chat shows it together with the pick-up code."),
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "off"}),
    )
    reopen_hours = forms.IntegerField(
        label=_("Reopen window (hours)"),
        min_value=0,
        max_value=MOST_REOPEN_HOURS,
        help_text=_(
            "A message within this time after closing reopens the inquiry instead of "
            "beginning a new one."
        ),
    )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        typed, region = cleaned.get("phone_number"), cleaned.get("phone_region")
        if typed and region:
            number = read_number(typed, region)
            if number:
                cleaned["phone_number"] = number
            else:
                self.add_error(
                    "phone_number",
                    gettext(
                        "This is not a telephone number of the chosen region. "
                        "Example: %(example)s"
                    )
                    % {"example": example_number(region)},
                )
        return cleaned


def initial_of(account: ClientAccount) -> dict[str, Any]:
    """What the form shows before anyone has typed."""
    return {
        "name": account.name,
        "colour": account.colour,
        "locale": account.locale,
        "time_zone": account.time_zone,
        "phone_region": account.phone_region,
        "phone_number": national(account.phone_number, account.phone_region)
        if account.phone_number
        else "",
        "reopen_hours": account.reopen_hours,
    }
