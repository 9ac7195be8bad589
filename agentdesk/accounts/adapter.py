"""What we ask of django-allauth: nobody signs up unasked, secrets are sealed."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agentdesk import crypto as credentials
from agentdesk.accounts.models import User
from agentdesk.accounts.sign_in_limits import attempt_of
from agentdesk.accounts.signals import sign_in_failed
from agentdesk.audit import log
from agentdesk.audit.origin import address_group, request_address


class AccountAdapter(DefaultAccountAdapter):
    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": gettext_lazy(
            "The email address or the password is wrong."
        ),
        "incorrect_password": gettext_lazy("The password is wrong."),
        "incorrect_code": gettext_lazy("The code is wrong or too old."),
        "enter_current_password": gettext_lazy("Please type your current password."),
        "too_many_login_attempts": gettext_lazy(
            "Too many failed tries. Please wait a few minutes."
        ),
        "rate_limited": gettext_lazy("Too many tries. Please wait a moment."),
        "unknown_email": gettext_lazy("Nobody signs in with this email address."),
        "invalid_password_reset": gettext_lazy("This link is no longer valid."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Members come by invitation only."""
        return False

    def login(self, request: HttpRequest, user: AbstractBaseUser) -> None:
        """The one way in: by the form, an invitation, set-up, or over a page."""
        super().login(request, user)
        if isinstance(user, User):
            log.record("user.signed_in", user, actor=user)

    def get_client_ip(self, request: HttpRequest) -> str:
        """The address that rate limits count by; a Unix socket has none."""
        address = address_group(request_address(request)).partition("/")[0]
        return "0.0.0.0" if address == "unknown" else address  # noqa: S104  # not a bind

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("accounts:profile")

    def reauthenticate(self, user: AbstractBaseUser, password: str) -> bool:
        """Our users have one address, on themselves; allauth would look in its table."""
        found = self.authenticate(
            context.request, email=user.get_username(), password=password
        )
        return found is not None and found.pk == user.pk

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """In place of allauth's limit, which counts a whole floor as one."""
        self._attempt = attempt_of(request, str(credentials.get("email", "")))
        if not self._attempt.admit():
            raise self.validation_error("too_many_login_attempts")

    def _rollback_login_failed_rl_usage(self) -> None:
        self._attempt.succeed()

    def _delete_login_attempts_cached_email(
        self, request: HttpRequest, **credentials: Any
    ) -> None:
        """After a password was reset."""
        attempt_of(request, str(credentials.get("email", ""))).own.clear()

    def authentication_failed(self, request: HttpRequest, **tried: Any) -> None:
        user = User.objects.filter(email=str(tried.get("email", "")).lower()).first()
        sign_in_failed.send(sender=User, request=request, user=user)


class MFAAdapter(DefaultMFAAdapter):
    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": gettext_lazy("The code is wrong or too old."),
    }

    def encrypt(self, text: str) -> str:
        return credentials.seal(text)

    def decrypt(self, encrypted_text: str) -> str:
        return credentials.unseal(encrypted_text)

    def generate_authenticator_name(self, user: AbstractBaseUser, type: Any) -> str:
        return _("My passkey")
