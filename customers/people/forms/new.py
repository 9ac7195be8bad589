"""A new customer, typed by hand."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from agentdesk.accounts.access import Access
from agentdesk.accounts.models import ClientAccount
from customers.choices import IdentityKind
from customers.people.forms.fields import AddressField, WordsField

_NAMES = ("family_name", "given_name", "family_kana", "given_kana", "address")
_ADDRESSES = {"phone": IdentityKind.PHONE, "email": IdentityKind.EMAIL}


class NewCustomerForm(forms.Form):
    """Asks for the account only where the user has a choice."""

    account_id = forms.TypedChoiceField(label=_("Client company"), coerce=int)
    family_name = WordsField(label=_("Family name"), max_length=60, required=False)
    given_name = WordsField(label=_("Given name"), max_length=60, required=False)
    family_kana = WordsField(
        label=_("Family name, kana"), max_length=60, required=False
    )
    given_kana = WordsField(label=_("Given name, kana"), max_length=60, required=False)
    phone = AddressField(label=_("Phone"), max_length=40, required=False)
    email = AddressField(label=_("Email"), max_length=254, required=False)
    verified = forms.BooleanField(
        label=_("The customer has confirmed that they are theirs"),
        help_text=_("Else they are stated only: shown, but nobody is known by them."),
        required=False,
    )
    address = WordsField(
        label=pgettext_lazy("postal", "Address"), max_length=300, required=False
    )

    def __init__(self, access: Access, data: Any = None) -> None:
        super().__init__(data)
        self.accounts = {
            row.pk: row for row in access.accounts if row.pk in access.shown_ids
        }
        field = self.fields["account_id"]
        assert isinstance(field, forms.TypedChoiceField)
        field.choices = [(row.pk, row.name) for row in self.accounts.values()]
        if len(self.accounts) == 1:
            field.initial = next(iter(self.accounts))
            field.widget = forms.HiddenInput()

    def clean(self) -> dict[str, Any]:
        names = ("family_name", "given_name", "phone", "email")
        if not self.errors and not any(self.cleaned_data.get(name) for name in names):
            raise forms.ValidationError(
                _("Type a name, a phone number or a mail address.")
            )
        return self.cleaned_data

    @property
    def account(self) -> ClientAccount:
        return self.accounts[self.cleaned_data["account_id"]]

    def values(self) -> dict[str, str]:
        return {name: self.cleaned_data[name] for name in _NAMES}

    def addresses(self) -> list[tuple[str, str]]:
        return [
            (kind, self.cleaned_data[name])
            for name, kind in _ADDRESSES.items()
            if self.cleaned_data[name]
        ]
