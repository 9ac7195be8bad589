from typing import Any

from allauth.account.adapter import get_adapter
from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.webauthn.forms import AuthenticateWebAuthnForm, LoginWebAuthnForm
from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agentdesk.accounts.unlock import Absentee


class UnlockForm(forms.Form):
    """The password, or what else proves the same person; the code too after a loss."""

    password = forms.CharField(
        label=gettext_lazy("Password"),
        strip=False,
        required=False,
        widget=forms.PasswordInput(
            attrs={"autocomplete": "current-password", "autofocus": True}
        ),
    )
    code = forms.CharField(
        label=gettext_lazy("Code"),
        required=False,
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code"}),
    )

    def __init__(
        self, data: Any = None, *, request: HttpRequest, who: Absentee
    ) -> None:
        super().__init__(data)
        self.request = request
        self.who = who
        if not who.has_second_step:
            del self.fields["code"]
        elif who.is_gone:
            self.fields["code"].help_text = _(
                "From your authenticator app, or one of your recovery codes."
            )
        else:
            self.fields["code"].help_text = _("Instead of the password, if you like.")

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        password, code = given.get("password", ""), given.get("code", "")
        if code and not (self.who.is_gone and not password):
            self._check_code(code)
        elif self.who.needs_code:
            self.add_error("code", _("Please type the code as well."))
        if password or not code or self.who.is_gone:
            self._check_password(password)
        return given

    def _check_password(self, password: str) -> None:
        if not password:
            self.add_error("password", _("Please type your password."))
            return
        adapter = get_adapter(self.request)
        try:
            found = adapter.authenticate(
                self.request, email=self.who.user.email, password=password
            )
        except forms.ValidationError as error:
            self.add_error("password", error)
            return
        if found is None or found.pk != self.who.user.pk:
            self.add_error("password", adapter.error_messages["incorrect_password"])

    def _check_code(self, code: str) -> None:
        form = AuthenticateForm({"code": code}, user=self.who.user)
        if not form.is_valid():
            self.add_error("code", form.errors["code"])


def passkey_form(data: Any, who: Absentee) -> forms.Form:
    """allauth's check of a passkey. After a loss it has to stand for the password too."""
    form: forms.Form = (
        LoginWebAuthnForm(data)
        if who.is_gone
        else AuthenticateWebAuthnForm(data, user=who.user)
    )
    return form
