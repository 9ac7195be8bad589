"""A reply on a channel with subjects: what is known of it before, and all that it becomes."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from conversations.contents.base import Mailbox
from conversations.contents.email import ComposedMail, Email

# What an answer will find: the inquiry, what was passed on, or a stated address.
Subject = Literal["inquiry", "side", "claim"]


@dataclass(frozen=True)
class Original:
    """The message that is answered or passed on; `introduction` stands above its text."""

    email: Email
    text: str
    introduction: str


@dataclass(frozen=True)
class LetterDraft:
    """`original` None: the first letter to `recipient`, which is nobody's answer.

    `subject` is used where `composed` has none. `of` and `number` name what an answer
    will find; `is_forward`: the original goes to somebody else.
    """

    body: str
    subject: str
    number: int
    of: Subject = "inquiry"
    recipient: str = ""
    signature: str = ""
    original: Original | None = None
    composed: ComposedMail = field(default_factory=ComposedMail)
    is_forward: bool = False


@dataclass(frozen=True)
class Letter:
    """`email` goes with the message; `text` and `html` are all of the letter."""

    email: Email
    text: str
    html: str


@dataclass(frozen=True)
class Addressees:
    """What the composer offers: `others` are whom an answer to all goes to besides."""

    subject: str
    to: Sequence[Mailbox] = ()
    others: Sequence[Mailbox] = ()
