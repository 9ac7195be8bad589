from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from agentdesk.accounts.forms.general import PlaceFields
from agentdesk.accounts.forms.people import NewPersonForm
from agentdesk.web.fields import LineField
from conversations.inboxes.forms.origins import origin_of


class AdminForm(NewPersonForm):
    """The first admin."""

    prefix = "admin"


class CompanyForm(PlaceFields):
    """The first client company, and the site that will carry its chat."""

    prefix = "company"
    field_order = ("name", "site")
    site = LineField(
        label=_("Address of its web site"),
        max_length=200,
        required=False,
        help_text=_(
            "For example https://shop.example.jp. Only this site may carry the web chat; you can add others later."
        ),
        widget=forms.TextInput(attrs={"type": "url", "autocomplete": "off"}),
    )

    def clean_site(self) -> str:
        """The origin: scheme, host and port."""
        typed: str = self.cleaned_data["site"]
        if not typed:
            return ""
        try:
            parts = urlsplit(typed if "://" in typed else f"https://{typed}")
            return origin_of(f"{parts.scheme}://{parts.netloc}")
        except ValueError as error:
            raise forms.ValidationError(
                gettext("Type an address such as https://shop.example.jp.")
            ) from error


def initial_company(language: str) -> dict[str, Any]:
    return {
        "colour": "indigo",
        "locale": language,
        "time_zone": "Asia/Tokyo",
        "phone_region": "JP",
    }
