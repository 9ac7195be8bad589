"""What an admin pastes from a provider, checked as it is typed."""

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext as translated

from agentdesk.http_client import PrivateAddressError, resolved
from conversations.adapters.base import Field
from conversations.inboxes.selectors.progress import fields_for

_LONGEST = 8000
_PORTS = {"http": 80, "https": 443, "": 443}


class ConnectionForm(forms.Form):
    """The fields of one channel's adapter. Secrets are taken and never shown again.

    `kept` names the secrets there are; left empty they stay. `chosen` is what was
    chosen among the kinds of the channel, which decides what is asked for.
    """

    def __init__(
        self,
        fields: tuple[Field, ...],
        data: Mapping[str, Any] | None = None,
        *,
        settings: Mapping[str, str],
        stored: frozenset[str],
    ) -> None:
        chosen = {**settings, **{k: str(v) for k, v in (data or {}).items()}}
        self.shown = fields_for(fields, chosen)
        self.kinds = {one.only_for[0] for one in fields if one.only_for}
        self.stored = stored
        super().__init__(data, initial=dict(settings), auto_id="connection-%s")
        for one in self.shown:
            self.fields[one.name] = _form_field(one, is_stored=one.name in stored)

    def check_one(self, name: str, raw: str) -> str:
        """What is wrong with one value, in a sentence; empty where it is well."""
        field = next((one for one in self.shown if one.name == name), None)
        if field is None or not raw.strip():
            return ""
        try:
            self.fields[name].clean(raw)
        except forms.ValidationError as error:
            return " ".join(error.messages)
        return ""

    @property
    def settings(self) -> dict[str, str]:
        return self._values(is_secret=False)

    @property
    def secrets(self) -> dict[str, str]:
        return self._values(is_secret=True)

    def _values(self, *, is_secret: bool) -> dict[str, str]:
        return {
            one.name: self.cleaned_data.get(one.name, "")
            for one in self.shown
            if one.is_secret == is_secret
        }

    def rows(self) -> list[dict[str, Any]]:
        """Each field with what the page says about it."""
        return [
            {
                "bound": self[one.name],
                "where": translated(one.where) if one.where else "",
                "is_secret": one.is_secret,
                "is_stored": one.name in self.stored,
                "is_kind": one.name in self.kinds,
                "is_choice": bool(one.choices),
            }
            for one in self.shown
        ]


def _form_field(one: Field, *, is_stored: bool) -> forms.Field:
    shared: dict[str, Any] = {
        "label": translated(one.label),
        "help_text": translated(one.help) if one.help else "",
        "required": one.is_required and not (one.is_secret and is_stored),
        "initial": one.default,
    }
    if one.choices:
        choices = [(value, translated(label)) for value, label in one.choices]
        return forms.ChoiceField(choices=choices, **shared)
    return PastedField(one, max_length=_LONGEST, **shared)


class PastedField(forms.CharField):
    """One value as a provider gives it, freed of what copying puts around it."""

    def __init__(self, one: Field, **shared: Any) -> None:
        self.one = one
        attributes = {"autocomplete": "off", "spellcheck": "false"}
        widget: forms.Widget = forms.TextInput(attrs=attributes)
        if one.is_secret:
            widget = forms.PasswordInput(
                attrs=attributes | {"autocomplete": "new-password"}, render_value=False
            )
        super().__init__(widget=widget, **shared)

    def to_python(self, value: Any) -> str:
        return str(super().to_python(value) or "").strip().strip("\u200b\ufeff")

    def validate(self, value: Any) -> None:
        super().validate(value)
        if not value:
            return
        if self.one.pattern and not re.fullmatch(self.one.pattern, value):
            raise forms.ValidationError(_wrong_form(self.one, value))
        if self.one.is_address:
            refuse_private(value)


def _wrong_form(one: Field, value: str) -> str:
    if re.search(r"\s", value):
        return _("There is a space or a line break in it: copy it once more.")
    if not value.isascii():
        return _("There are full-width letters in it: copy it once more.")
    if "https:/" in one.pattern and not value.startswith("https://"):
        return _("It has to begin with https:// .")
    return _("This does not look like the %(label)s. Please copy it once more.") % {
        "label": translated(one.label)
    }


def refuse_private(typed: str) -> None:
    """Raises ValidationError for an address that we must not, or cannot, call."""
    try:
        parts = urlsplit(typed if "://" in typed else f"//{typed}")
        host, port = parts.hostname or "", parts.port
    except ValueError as error:
        raise forms.ValidationError(_("This is not an address.")) from error
    if not host:
        raise forms.ValidationError(_("This is not an address."))
    try:
        resolved(host, port or _PORTS.get(parts.scheme, 443))
    except PrivateAddressError as error:
        raise forms.ValidationError(
            _(
                "This address lies inside a private network, which this installation "
                "does not call. Whoever runs it can allow that."
            )
        ) from error
    except OSError as error:
        raise forms.ValidationError(
            _("There is no such address on the internet. Is it spelled correctly?")
        ) from error
