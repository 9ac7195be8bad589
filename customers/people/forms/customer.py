"""Editing a customer in place: the head of the pane, and address with attributes.

A form carries, signed, what its fields held when it was opened (`seen`), so that
only what was changed is written and nobody overwrites what they never saw.
"""

from typing import Any

from django import forms
from django.core import signing
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from customers.choices import AttributeKind
from customers.models import AttributeDefinition, Customer, MemberRank
from customers.people.actions.edit import value_of
from customers.people.forms.fields import NumberField, ProseField, WordsField
from customers.people.selectors.panel import attribute_definitions

_SALT = "customer-seen"


class EditForm(forms.Form):
    """`columns` maps the form's fields to the fields of `edit_customer`."""

    columns: dict[str, str] = {}

    def __init__(self, customer: Customer, data: Any = None) -> None:
        self.customer = customer
        super().__init__(data, prefix="customer", use_required_attribute=False)
        self.add_fields()
        for name, column in self.columns.items():
            self.fields[name].initial = value_of(customer, column)

    def add_fields(self) -> None:
        """For those that depend on the account."""

    @property
    def token(self) -> str:
        """What the fields hold now, to be posted back as `seen`."""
        values = {c: value_of(self.customer, c) for c in self.columns.values()}
        return signing.dumps([self.customer.pk, values], salt=_SALT, compress=True)

    def seen(self) -> dict[str, Any]:
        """What they held when the form was opened; unknown counts as nothing seen."""
        try:
            pk, values = signing.loads(self.data.get("seen", ""), salt=_SALT)
        except (signing.BadSignature, ValueError):
            return dict.fromkeys(self.columns.values())
        return values if pk == self.customer.pk else {}

    def changes(self) -> dict[str, Any]:
        """What the editor has changed, of what they saw."""
        seen = self.seen()
        values = {
            column: self.cleaned_data[name] for name, column in self.columns.items()
        }
        return {
            column: value
            for column, value in values.items()
            if str(_plain(value)) != str(_plain(seen.get(column)))
        }

    def rebased(self, current: Customer) -> "EditForm":
        """The same form upon what stands now: the editor's changes, all else as it is."""
        mine = self.changes()
        data = {
            self.add_prefix(name): mine.get(column, value_of(current, column))
            for name, column in self.columns.items()
        }
        return type(self)(current, data)


def _plain(value: Any) -> Any:
    return "" if value is None else value


class HeadForm(EditForm):
    columns = {
        "family_name": "family_name",
        "given_name": "given_name",
        "family_kana": "family_kana",
        "given_kana": "given_kana",
        "rank": "rank_id",
        "caution": "caution",
    }
    family_name = WordsField(label=_("Family name"), max_length=60, required=False)
    given_name = WordsField(label=_("Given name"), max_length=60, required=False)
    family_kana = WordsField(
        label=_("Family name, kana"), max_length=60, required=False
    )
    given_kana = WordsField(label=_("Given name, kana"), max_length=60, required=False)
    rank = forms.TypedChoiceField(
        label=_("Member rank"), required=False, coerce=int, empty_value=None
    )
    caution = ProseField(label=_("Caution note"), max_length=1000, required=False)

    def add_fields(self) -> None:
        ranks = MemberRank.objects.filter(account_id=self.customer.account_id)
        choices = [
            (rank.pk, rank.name)
            for rank in ranks
            if rank.retired_at is None or rank.pk == self.customer.rank_id
        ]
        rank = self.fields["rank"]
        assert isinstance(rank, forms.TypedChoiceField)
        rank.choices = [("", _("No rank")), *choices]


class ProfileForm(EditForm):
    address = WordsField(
        label=pgettext_lazy("postal", "Address"), max_length=300, required=False
    )

    def add_fields(self) -> None:
        self.columns = {"address": "address"}
        for definition in attribute_definitions(self.customer):
            if definition.retired_at is not None:
                continue
            name = f"attribute-{definition.key}"
            held = str(self.customer.attributes.get(definition.key) or "")
            self.fields[name] = _attribute_field(definition, held)
            self.columns[name] = f"attributes.{definition.key}"

    def clean(self) -> dict[str, Any]:
        """Attributes are kept as texts: numbers as typed, dates as 2026-11-23."""
        for name in self.columns:
            value = self.cleaned_data.get(name)
            if value is None:
                self.cleaned_data[name] = ""
            elif not isinstance(value, str):
                self.cleaned_data[name] = _written(value)
        return self.cleaned_data


def _written(value: Any) -> str:
    if hasattr(value, "isoformat"):
        return str(value.isoformat())
    return f"{value:f}"


def _attribute_field(definition: AttributeDefinition, held: str) -> forms.Field:
    common: dict[str, Any] = {"label": definition.label, "required": False}
    match definition.kind:
        case AttributeKind.NUMBER:
            return NumberField(**common)
        case AttributeKind.DATE:
            widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
            return forms.DateField(
                widget=widget, input_formats=["%Y-%m-%d", "%Y/%m/%d"], **common
            )
        case AttributeKind.CHOICE:
            options = [*definition.options]
            if held and held not in options:
                options.append(held)
            return forms.ChoiceField(
                choices=[("", "—"), *((option, option) for option in options)],
                **common,
            )
    return WordsField(max_length=300, **common)
