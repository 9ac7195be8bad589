"""What a reply is sent by, and what its provider has answered."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from conversations.contents.base import Content, LooseContent


@dataclass(frozen=True, slots=True)
class SentTemplate(Content):
    """A template of the provider's and what fills its gaps.

    A variable has `place`, `name`, `index`, `kind` and `value`.
    """

    NAME: ClassVar[str] = "template"

    name: str = ""
    language: str = ""
    header_file: str = ""
    variables: Sequence[Mapping[str, Any]] = ()


@dataclass(frozen=True, slots=True)
class LinkInvitation(Content):
    """A button that links the customer's chat with their account at the shop."""

    NAME: ClassVar[str] = "account_link"

    label: str = ""


@dataclass(frozen=True, slots=True)
class Buttons(LooseContent):
    """What a reply offers to press; each has a `label`."""

    buttons: Sequence[Mapping[str, str]] = ()


@dataclass(frozen=True, slots=True)
class SentFacts(LooseContent):
    """`via`: the way of sending that was taken. `quote_token`: by which it can be quoted.

    `refused`: recipients whom the mail server did not accept.
    """

    via: str = ""
    quote_token: str = ""
    refused: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class ReturnedMail(LooseContent):
    """To whom a mail did not get: for good, or not yet. An empty address is unknown."""

    bounced: Sequence[str] = ()
    delayed: Sequence[str] = ()
