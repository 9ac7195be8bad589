"""Secrets that a provider replaces as they are used: how an adapter has them exchanged."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

Setup = Mapping[str, str]


@dataclass(frozen=True)
class Renewed:
    """Secrets that replace those of the same names.

    `expires_at`: when an admin has to sign in again; None where they renew themselves.
    """

    secrets: Setup
    expires_at: datetime | None = None


class Renew(Protocol):
    """Exchanges secrets for new ones, one process at a time, and keeps them.

    `exchange` gets the secrets as they are now and asks the provider; it is not called
    where another process has replaced `stale` meanwhile. All secrets as they are then.
    """

    def __call__(
        self, exchange: Callable[[Setup], Renewed], *, stale: Setup
    ) -> Setup: ...
