"""allauth's forms in our words. Named in settings.ACCOUNT_FORMS and MFA_FORMS."""

from typing import Any

from allauth.account.forms import (
    ChangePasswordForm,
    LoginForm,
    ReauthenticateForm,
    ResetPasswordForm,
    ResetPasswordKeyForm,
)
from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.base.forms import ReauthenticateForm as CodeAgainForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from django import forms
from django.utils.translation import gettext as _


def word(field: forms.Field, label: str, help_text: str = "") -> None:
    field.label = label
    field.help_text = help_text
    field.widget.attrs.pop("placeholder", None)


def _begin(field: forms.Field) -> None:
    field.widget.attrs["autofocus"] = True


def _as_code(field: forms.Field, label: str, help_text: str = "") -> None:
    word(field, label, help_text)
    _begin(field)
    field.widget.attrs |= {"autocapitalize": "off", "spellcheck": "false"}


def _as_second_step(field: forms.Field) -> None:
    help_text = _("From your authenticator app, or one of your recovery codes.")
    _as_code(field, _("Code"), help_text)


def password_rule() -> str:
    return _(
        "At least 12 characters, and not one that many people use. Several words are good."
    )


class SignInForm(LoginForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        word(self.fields["login"], _("Email address"))
        self.fields["login"].widget.attrs["autocomplete"] = "username webauthn"
        _begin(self.fields["login"])
        word(self.fields["password"], _("Password"))


class PasswordAgainForm(ReauthenticateForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        word(self.fields["password"], _("Password"))
        _begin(self.fields["password"])


class PasswordForm(ChangePasswordForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        word(self.fields["oldpassword"], _("Current password"))
        word(self.fields["password1"], _("New password"), password_rule())
        word(self.fields["password2"], _("New password again"))


class ResetForm(ResetPasswordForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        word(self.fields["email"], _("Email address"))


class NewPasswordForm(ResetPasswordKeyForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        word(self.fields["password1"], _("New password"), password_rule())
        word(self.fields["password2"], _("New password again"))


class SecondStepForm(AuthenticateForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _as_second_step(self.fields["code"])


class SecondStepAgainForm(CodeAgainForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _as_second_step(self.fields["code"])


class AuthenticatorForm(ActivateTOTPForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _as_code(self.fields["code"], _("Code shown by the app"))
