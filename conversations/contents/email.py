"""A mail: its fields, as the thread shows them and an answer needs them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

from conversations.contents.base import Content, Mailbox


@dataclass(frozen=True, slots=True)
class Email(Content):
    """Message-IDs stand without brackets. The texts themselves are in `MailBody`.

    `token`: our mark, by which an answer finds its inquiry. `folded`: characters of quotes
    and signature that the bubble leaves out. `auth`: what SPF, DKIM and DMARC have found,
    and `sender`, an Assurance. `broken`: what could not be read. `automatic`: why a
    machine's answer counts as one. Source of the fields: RFC 5322, 3.6.
    """

    NAME: ClassVar[str] = "email"

    subject: str = ""
    from_: Sequence[Mailbox] = ()
    to: Sequence[Mailbox] = ()
    cc: Sequence[Mailbox] = ()
    bcc: Sequence[Mailbox] = ()
    reply_to: Sequence[Mailbox] = ()
    message_id: str = ""
    in_reply_to: str = ""
    references: Sequence[str] = ()
    token: str = ""
    has_html: bool = False
    folded: int = 0
    auth: Mapping[str, Any] = field(default_factory=dict)
    broken: Sequence[str] = ()
    automatic: str = ""
    is_list: bool = False

    @property
    def has_copies(self) -> bool:
        return bool(self.cc or self.bcc)


@dataclass(frozen=True, slots=True)
class ComposedMail(Content):
    """What the composer says of a mail that is to be written; `Email` is made of it.

    `answers`: the number of the message that it answers, else the newest one is.
    """

    NAME: ClassVar[str] = "email"

    subject: str = ""
    to: Sequence[Mailbox] = ()
    cc: Sequence[Mailbox] = ()
    bcc: Sequence[Mailbox] = ()
    html: str = ""
    answers: int | None = None
    is_quoting: bool = True

    @property
    def has_copies(self) -> bool:
        return bool(self.cc or self.bcc)
