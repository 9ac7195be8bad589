"""An inbox as its adapter sees it, and a request as it comes to its door."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from conversations.adapters.renewal import Renew, Setup


@dataclass(frozen=True)
class Connection:
    """One inbox as its adapter sees it: what the admin has set, secrets unsealed.

    `earlier` holds secrets that were rotated and still verify. `public_url` is the
    exact address the provider posts to. `api` overrides where the provider is (a
    simulator on this machine); empty for the real one. `facts` are of the last check.
    `renew` is there where requests are made, and not where events are read.
    """

    inbox_key: str
    name: str = ""  # as members call it
    settings: Setup = field(default_factory=dict)
    secrets: Setup = field(default_factory=dict)
    earlier: Setup = field(default_factory=dict)
    public_url: str = ""
    api: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)
    renew: Renew | None = None

    def has_door_at(self, url: str) -> bool:
        """Ours, or that of another inbox: what is not of that one is handed over."""
        before_key = self.public_url.partition(self.inbox_key)[0]
        return bool(before_key) and url.startswith(before_key)

    def secret_values(self, name: str) -> list[str]:
        """The current secret and the one before it, without blanks."""
        values = (self.secrets.get(name, ""), self.earlier.get(name, ""))
        return [value for value in values if value]


@dataclass(frozen=True)
class WebhookRequest:
    """A request of a provider as it came. `headers` have lower-case names."""

    method: str
    url: str  # as the provider addressed it, query included
    headers: Mapping[str, str]
    query: Mapping[str, str]
    body: bytes
