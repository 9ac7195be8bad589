"""The pages of Google and Microsoft that let us into a mailbox."""

from dataclasses import dataclass

from conversations.adapters.email import oauth, setting
from conversations.adapters.email.setting import Setting
from conversations.adapters.renewal import Renewed


@dataclass(frozen=True)
class MailboxSignIn:
    setting: Setting

    @property
    def at(self) -> str:
        return setting.SIGN_IN_NAMES[self.setting.kind]

    @property
    def is_done(self) -> bool:
        return bool(self.setting.secret("refresh_token"))

    def address(self, *, state: str, challenge: str, redirect: str) -> str:
        return oauth.authorise_address(
            self.setting, state=state, challenge=challenge, redirect=redirect
        )

    def exchanged(self, code: str, *, verifier: str, redirect: str) -> Renewed:
        """Where no refresh token comes with it, the one before goes on."""
        found = oauth.exchanged(
            self.setting, code, verifier=verifier, redirect=redirect
        )
        return Renewed({"refresh_token": found.refresh} if found.refresh else {})
