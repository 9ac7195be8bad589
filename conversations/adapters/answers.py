"""What a provider answers when we ask it about an inbox or a person."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True)
class Profile:
    name: str = ""
    picture_url: str = ""
    language: str = ""


@dataclass(frozen=True)
class Report:
    """What the provider says of the connection when we call it.

    `address` is what customers know the inbox by (@bot, number, page); `findings` are
    gettext ids of what still has to be done at the provider; none means ready.
    """

    address: str = ""
    name: str = ""
    findings: Sequence[str] = ()
    token_expires_at: datetime | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Quota:
    """Messages of this month; `limit` None for no limit."""

    limit: int | None
    used: int
