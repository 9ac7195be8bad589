"""What we ask of django-allauth: nobody signs up unasked, secrets are sealed."""

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.http import HttpRequest

from agentdesk import credentials


class AccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Members come by invitation only."""
        return False


class MFAAdapter(DefaultMFAAdapter):
    def encrypt(self, text: str) -> str:
        return credentials.seal(text)

    def decrypt(self, encrypted_text: str) -> str:
        return credentials.unseal(encrypted_text)
