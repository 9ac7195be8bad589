"""Where a mail belongs: what it answers, and whether its sender may say so."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.utils import timezone

from conversations.adapters.email.subject import base_subject
from conversations.adapters.email.token import CLAIM, INQUIRY, SIDE, read_token
from conversations.adapters.events import InboundMail
from conversations.contents.email import Email
from conversations.contents.side_thread import SideThread
from conversations.contents.stated_address import StatedAddress
from conversations.models import Delivery, Inbox, Inquiry, Message
from customers.models import Claim, Identity
from customers.people.text import normalise_email

# An answer without any mark is one to the same subject for so long.
SUBJECT_LIFE = timedelta(days=30)
_MOST_REFERENCES = 30


@dataclass(frozen=True)
class Place:
    """`answers`: the inquiry of the sender's own. `stray`: one of somebody else's,
    which the mail points to all the same: to be checked, never joined.
    """

    answers: Inquiry | None = None
    stray: Inquiry | None = None


def side_of(inbox: Inbox, mail: InboundMail) -> Message | None:
    """The forwarded mail that this one answers, by who it was forwarded to."""
    if not mail.tokens and not mail.references:
        return None
    sender = normalise_email(mail.message.sender.address.value)
    for root in _forwarded(inbox, mail):
        side = SideThread.of(root)
        if side is not None and normalise_email(side.address) == sender:
            return root
    return None


def _forwarded(inbox: Inbox, mail: InboundMail) -> list[Message]:
    marks = [mark for one in mail.tokens if (mark := read_token(one))]
    numbers = [mark.number for mark in marks if mark.kind == SIDE]
    rows = Message.objects.of_side_threads().filter(account=inbox.account_id)
    by_token = list(rows.filter(pk__in=numbers))
    sent = _sent(inbox, mail.references)
    roots = {side.id for one in sent if (side := SideThread.of(one))}
    return by_token + list(rows.filter(pk__in=roots))


def place_of(inbox: Inbox, identity: Identity, mail: InboundMail) -> Place:
    """By token, by what it refers to, by its subject: the first that is theirs."""
    named = [
        *_by_token(inbox, mail.tokens),
        *_by_reference(inbox, mail.references),
        *_of_claimants(inbox, mail),
    ]
    for inquiry in named:
        if inquiry.conversation.customer_id == identity.customer_id:
            return Place(answers=inquiry)
    stray = named[0] if named else None
    return Place(_by_subject(inbox, identity, mail), stray)


def answered_elsewhere_of(
    inbox: Inbox, identity: Identity, data: Mapping[str, Any]
) -> Inquiry | None:
    """The inquiry of theirs that a mail from a member's own program answers."""
    email = Email.in_data(data) or Email()
    references = [email.in_reply_to, *reversed(email.references)]
    for inquiry in _by_reference(inbox, [one for one in references if one]):
        if inquiry.conversation.customer_id == identity.customer_id:
            return inquiry
    return None


def _by_token(inbox: Inbox, tokens: Sequence[str]) -> list[Inquiry]:
    marks = [mark for one in tokens if (mark := read_token(one))]
    numbers = [mark.number for mark in marks if mark.kind == INQUIRY]
    if not numbers:
        return []
    rows = Inquiry.objects.select_related("conversation", "owner")
    return list(rows.filter(account=inbox.account_id, pk__in=numbers)[:3])


def claims_marked(inbox: Inbox, mail: InboundMail) -> list[Claim]:
    """The stated addresses whose mark it carries: sent there, and nowhere else."""
    marks = [mark for one in mail.tokens if (mark := read_token(one))]
    numbers = {mark.number for mark in marks if mark.kind == CLAIM}
    for message in _sent(inbox, mail.references):
        email, claim = Email.of(message) or Email(), StatedAddress.of(message)
        if claim is not None and not email.has_copies:
            numbers.add(claim.id)
    if not numbers:
        return []
    rows = Claim.objects.filter(account=inbox.account_id, pk__in=numbers)
    return list(rows.select_related("customer").order_by("pk")[:3])


def _of_claimants(inbox: Inbox, mail: InboundMail) -> list[Inquiry]:
    """The newest inquiries of those who stated the address that we wrote to."""
    customers = [claim.customer_id for claim in claims_marked(inbox, mail)]
    if not customers:
        return []
    rows = Inquiry.objects.select_related("conversation", "owner")
    theirs = rows.filter(conversation__customer__in=customers)
    return list(theirs.order_by("-pk")[:3])


def _by_reference(inbox: Inbox, references: Sequence[str]) -> list[Inquiry]:
    """What was sent or received under these Message-IDs, in their order."""
    wanted = list(references)[:_MOST_REFERENCES]
    if not wanted:
        return []
    found: dict[str, Inquiry] = {}
    rows = Message.objects.select_related("inquiry__conversation", "inquiry__owner")
    received = rows.filter(account=inbox.account_id, provider_message_id__in=wanted)
    for message in [*received, *_sent(inbox, wanted)]:
        if message.inquiry is not None and SideThread.of(message) is None:
            for one in _ids_of(message):
                found.setdefault(one, message.inquiry)
    return [found[one] for one in wanted if one in found]


def _sent(inbox: Inbox, references: Sequence[str]) -> list[Message]:
    wanted = list(references)[:_MOST_REFERENCES]
    if not wanted:
        return []
    rows = Delivery.objects.filter(
        account=inbox.account_id, provider_message_ids__overlap=wanted
    ).select_related("message__inquiry__conversation", "message__inquiry__owner")
    return [one.message for one in rows[:_MOST_REFERENCES]]


def _ids_of(message: Message) -> list[str]:
    email = Email.of(message) or Email()
    return [one for one in (message.provider_message_id, email.message_id) if one]


def _by_subject(inbox: Inbox, identity: Identity, mail: InboundMail) -> Inquiry | None:
    subject = base_subject(mail.message.subject)
    if not subject:
        return None
    now = timezone.now()
    at = min(mail.message.occurred_at or now, now)
    rows = Message.objects.filter(
        account=inbox.account_id,
        conversation__customer=identity.customer_id,
        channel=inbox.channel,
        identity=identity,
        inquiry__isnull=False,
        occurred_at__gte=at - SUBJECT_LIFE,
    )
    newest = rows.order_by("-occurred_at").values_list("inquiry", "data")[:50]
    for inquiry, data in newest:
        email = Email.in_data(data)
        if email is not None and base_subject(email.subject) == subject:
            return Inquiry.objects.select_related("conversation").get(pk=inquiry)
    return None
