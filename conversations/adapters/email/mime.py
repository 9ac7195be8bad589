"""A mail as it arrived, as far as it can be read. Nothing here raises."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from conversations.adapters.email.address import Address, addresses_of, name_of
from conversations.adapters.email.attachment import Attachment
from conversations.adapters.email.body import body_of
from conversations.adapters.email.header import Fields, date_of, ids_of, text_of
from conversations.adapters.email.structure import Flaw, Part, take_apart
from conversations.adapters.email.verdict import Verdict, verdict_of

# What machines say of themselves: `automatic` judges by them.
_MARKS = (
    "auto-submitted",
    "precedence",
    "x-auto-response-suppress",
    "x-autoreply",
    "x-autorespond",
    "x-autorespond-to",
    "x-mail-autoreply",
    "x-failed-recipients",
    "list-id",
    "list-post",
    "list-unsubscribe",
    "mailing-list",
    "x-ml-name",
    "x-loop",
    "return-path",
    "thread-topic",
)
_MAX_MARK = 500


@dataclass(frozen=True)
class Mail:
    """`date` None and `from_` None: not told, or not to be read (`broken` says which).

    `text` is the plain text, or that of the HTML. `html` is as the sender wrote it: only
    what `clean_html` makes of it may be shown. Ids are without brackets.
    """

    message_id: str
    in_reply_to: str
    references: tuple[str, ...]
    subject: str
    from_: Address | None
    reply_to: tuple[Address, ...]
    to: tuple[Address, ...]
    cc: tuple[Address, ...]
    date: datetime | None
    text: str
    html: str
    attachments: tuple[Attachment, ...] = ()
    content_type: str = "text/plain"
    marks: Mapping[str, str] = field(default_factory=dict)
    verdict: Verdict = field(default_factory=Verdict)
    broken: tuple[Flaw, ...] = ()


def read_mail(raw: bytes, *, server: str = "") -> Mail:
    """`server`: the name under which our own mail server writes its verdicts."""
    part, flaws = take_apart(raw)
    fields, label = part.fields, _label_of(part)
    body = body_of(part, label)
    from_, is_author = _sender(fields, label)
    date = date_of(fields.first("date"))
    if from_ is None:
        flaws.append(Flaw.SENDER)
    if date is None:
        flaws.append(Flaw.DATE)
    return Mail(
        message_id=next(iter(ids_of(fields.first("message-id"))), ""),
        in_reply_to=next(iter(ids_of(fields.first("in-reply-to"))), ""),
        references=tuple(ids_of(fields.first("references"))),
        subject=text_of(fields.first("subject"), label),
        from_=from_,
        reply_to=_addresses(fields, "reply-to", label),
        to=_addresses(fields, "to", label),
        cc=_addresses(fields, "cc", label),
        date=date,
        text=body.text,
        html=body.html,
        attachments=body.attachments,
        content_type=_declared_type(part),
        marks=_marks(fields),
        verdict=verdict_of(fields, server) if is_author else Verdict(),
        broken=tuple(dict.fromkeys((*flaws, *body.flaws))),
    )


def _label_of(part: Part) -> str:
    """Raw 8-bit fields are written in what the words are written in."""
    while part.children:
        part = part.children[0]
    return part.parameters.get("charset", "")


def _declared_type(part: Part) -> str:
    """multipart/report says what its report is."""
    kind = part.parameters.get("report-type", "")
    return (
        f"{part.content_type}; report-type={kind.lower()}"
        if kind
        else (part.content_type)
    )


def _sender(fields: Fields, label: str) -> tuple[Address | None, bool]:
    """Who wrote it, and whether they alone stand in the only From field.

    A form that has no address of its customer for the From field has their name there,
    and the address where answers go.
    """
    values = list(fields.all("from"))
    authors = [one for value in values for one in addresses_of(value, label)]
    if authors:
        return authors[0], len(authors) == len(values) == 1
    for name in ("reply-to", "sender", "return-path"):
        for value in fields.all(name):
            for address in addresses_of(value, label):
                shown = address.name or name_of(fields.first("from"), label)
                return replace(address, name=shown), False
    return None, False


def _addresses(fields: Fields, name: str, label: str) -> tuple[Address, ...]:
    values = b", ".join(fields.all(name))
    return tuple(addresses_of(values, label))


def _marks(fields: Fields) -> dict[str, str]:
    return {
        name: text_of(value, limit=_MAX_MARK)
        for name in _MARKS
        for value in list(fields.all(name))[:1]
    }
