"""Who may be greeted in a reply: the customer, and whomever this thread knows."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from conversations.choices import Direction, MessageKind
from conversations.contents.email import Email
from conversations.contents.speaker import Speaker
from conversations.models import Conversation, Message, Reach, Visitor
from conversations.replies.checks.addressee import (
    Addressees,
    PersonName,
    wrong_greetings,
)
from conversations.replies.checks.written import written_part

_MOST_READ = 60  # messages, the newest
_MOST_LETTERS = 4_000  # of each


def addressees_of(conversation: Conversation, text: str) -> Addressees:
    """The thread is read only where `text` greets somebody else than the customer.

    Nobody of whom the customer's real name is not known: who writes knows better.
    """
    customer = conversation.customer
    if not customer.is_named and not customer.kana:
        return Addressees()
    own = PersonName(
        family=customer.family_name,
        given=customer.given_name,
        family_kana=customer.family_kana,
        given_kana=customer.given_kana,
        other=customer.display_name,
    )
    known = Addressees(people=(own,), shown=customer.name_with_honorific)
    if not any(wrong_greetings(written_part(text), known)):
        return known
    return replace(known, thread="\n".join(_words_of_thread(conversation)))


def _words_of_thread(conversation: Conversation) -> Iterator[str]:
    """What the customer and colleagues have written, and the names others go by."""
    rows = conversation.messages.exclude(direction=Direction.OUTBOUND).exclude(
        kind=MessageKind.SYSTEM
    )
    for message in rows.order_by("-occurred_at", "-pk")[:_MOST_READ]:
        yield message.body[:_MOST_LETTERS]
        yield from _names_in(message)
    yield from _names_elsewhere(conversation)


def _names_in(message: Message) -> Iterator[str]:
    mail, speaker = Email.of(message), Speaker.of(message)
    if mail is not None:
        yield mail.subject
        for mailboxes in (mail.from_, mail.to, mail.cc, mail.reply_to):
            yield from (mailbox[0] for mailbox in mailboxes if mailbox)
    if speaker is not None:
        yield speaker.name


def _names_elsewhere(conversation: Conversation) -> Iterable[str]:
    """At the providers, and in the form of the chat."""
    customer = conversation.customer_id
    reached = Reach.objects.filter(identity__customer=customer)
    yield from reached.values_list("name", flat=True)
    for stated in Visitor.objects.filter(customer=customer).values_list(
        "stated", flat=True
    ):
        yield str(stated.get("name", ""))
