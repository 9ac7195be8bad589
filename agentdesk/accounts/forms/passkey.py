"""allauth's forms for passkeys, which fail over a forged answer of a browser."""

from collections.abc import Callable
from typing import Any, TypeVar

from allauth.mfa.adapter import get_adapter
from allauth.mfa.webauthn.forms import (
    AddWebAuthnForm,
    AuthenticateWebAuthnForm,
    LoginWebAuthnForm,
    ReauthenticateWebAuthnForm,
)
from django.utils.translation import gettext as _

from agentdesk.accounts.forms.sign_in import word

T = TypeVar("T")
# What its parser raises where parts are missing, or of another kind.
_FORGED = (AttributeError, IndexError, KeyError, TypeError, ValueError)


def _read(clean: Callable[[], T]) -> T:
    try:
        return clean()
    except _FORGED as error:
        raise get_adapter().validation_error("incorrect_code") from error


class PasskeySignInForm(LoginWebAuthnForm):
    def clean_credential(self) -> Any:
        return _read(super().clean_credential)


class PasskeyStepForm(AuthenticateWebAuthnForm):
    def clean_credential(self) -> Any:
        return _read(super().clean_credential)


class PasskeyAgainForm(ReauthenticateWebAuthnForm):
    def clean_credential(self) -> Any:
        return _read(super().clean_credential)


class PasskeyForm(AddWebAuthnForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        word(
            self.fields["name"],
            _("Name"),
            _("So that you can tell your passkeys apart, for example: office PC."),
        )
        word(
            self.fields["passwordless"],
            _("Sign in with this passkey alone, without a password"),
        )
        self.fields["passwordless"].initial = True

    def clean(self) -> dict[str, Any]:
        return _read(super().clean)
