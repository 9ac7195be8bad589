from zoneinfo import available_timezones

from django import forms
from django.utils.translation import gettext_lazy as _

from agentdesk.accounts.forms.kana import KanaField
from agentdesk.accounts.models import User


class ProfileForm(forms.ModelForm):  # type: ignore[type-arg]  # not generic at run time
    """How one is called, and how the desk speaks."""

    family_kana = KanaField(label=_("Family name, kana"), max_length=60, required=False)
    given_kana = KanaField(label=_("Given name, kana"), max_length=60, required=False)

    class Meta:
        model = User
        fields = (
            "family_name",
            "given_name",
            "family_kana",
            "given_kana",
            "language",
            "time_zone",
            "theme",
            "density",
            "sounds",
            "desktop_notifications",
            "push_details",
        )
        help_texts = {
            "desktop_notifications": _(
                "For mentions, assignments and new messages of yours, while the desk is in the background."
            ),
            "push_details": _(
                "Otherwise a notification on a locked phone names the company and what it is about, nothing else."
            ),
        }

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # passed on
        zones = forms.ChoiceField(
            label=self.fields["time_zone"].label,
            choices=[(zone, zone.replace("_", " ")) for zone in time_zones()],
        )
        self.fields["time_zone"] = zones
        self.fields["family_name"].required = True


def time_zones() -> list[str]:
    return sorted(
        zone for zone in available_timezones() if "/" in zone or zone == "UTC"
    )


_SPELLINGS = {"off": "false", "on": "true"}


class PreferenceForm(forms.ModelForm):  # type: ignore[type-arg]  # not generic at run time
    """One switch of the user menu: only what was sent is changed."""

    class Meta:
        model = User
        fields = (
            "language",
            "theme",
            "density",
            "sounds",
            "desktop_notifications",
            "hides_first_day",
        )

    def __init__(self, data: dict[str, str], *, instance: User) -> None:
        super().__init__(
            {name: _SPELLINGS.get(value, value) for name, value in data.items()},
            instance=instance,
        )
        for name in [name for name in self.fields if name not in data]:
            del self.fields[name]
