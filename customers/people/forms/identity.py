"""Adding an address to a customer by hand."""

from django import forms
from django.utils.translation import gettext_lazy as _

from customers.choices import IdentityKind
from customers.people.forms.fields import AddressField

# The others come from their channel: nobody can type a provider's user id.
BY_HAND = (IdentityKind.PHONE, IdentityKind.EMAIL, IdentityKind.SHOP)


class IdentityForm(forms.Form):
    kind = forms.ChoiceField(
        label=_("Kind"), choices=[(kind.value, kind.label) for kind in BY_HAND]
    )
    value = AddressField(
        label=_("Number or address"),
        max_length=320,
        widget=forms.TextInput(attrs={"autofocus": True}),
    )
    verified = forms.BooleanField(
        label=_("The customer has confirmed that it is theirs"),
        help_text=_("Else it is stated only: shown, but nobody is known by it."),
        required=False,
    )
