"""The address that a reply went to, where the customer had merely stated it (本人申告)."""

from dataclasses import dataclass
from typing import ClassVar

from conversations.contents.base import Content, LooseContent


@dataclass(frozen=True, slots=True)
class StatedAddress(Content):
    """`id` is the claim's, `kind` an IdentityKind; `value` as it was when it was sent."""

    NAME: ClassVar[str] = "claim"

    id: int = 0
    kind: str = ""
    value: str = ""


@dataclass(frozen=True, slots=True)
class ConfirmationCode(LooseContent):
    """`claim_code` is the number of the code that is put into the text as it leaves."""

    claim_code: int | None = None
