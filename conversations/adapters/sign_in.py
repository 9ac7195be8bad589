"""A provider's own page that lets us in, where pasted secrets are not enough."""

from typing import Protocol

from conversations.adapters.renewal import Renewed


class SignInPage(Protocol):
    """OAuth 2.0, authorization code with PKCE. `at` is the provider's own name."""

    @property
    def at(self) -> str: ...

    @property
    def is_done(self) -> bool:
        """Whether the page has let us in."""

    def address(self, *, state: str, challenge: str, redirect: str) -> str:
        """Of the page; `challenge` is the S256 of the verifier."""

    def exchanged(self, code: str, *, verifier: str, redirect: str) -> Renewed:
        """The secrets that the code it came back with is worth. Raises SendError."""
