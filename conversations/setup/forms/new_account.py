from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from agentdesk.accounts.forms.general import PlaceFields
from agentdesk.accounts.models import ClientAccount
from agentdesk.accounts.slugs import RESERVED_SLUGS


class NewAccountForm(PlaceFields):
    """A client company to be opened."""

    slug = forms.SlugField(
        label=_("Short name in addresses"),
        max_length=50,
        help_text=_("Letters, digits and hyphens. It cannot be changed later."),
    )
    field_order = ("name", "slug")

    def clean_slug(self) -> str:
        slug = self.cleaned_data["slug"].lower()
        taken = ClientAccount.objects.filter(slug=slug).exists()
        if taken or slug in RESERVED_SLUGS:
            raise forms.ValidationError(
                gettext("This short name is already in use. Please choose another.")
            )
        return str(slug)
