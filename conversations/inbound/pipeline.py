"""The way of everything that comes in, whatever the channel: its steps, in their order.

| step       | what it does                                              | file          |
| ---------- | --------------------------------------------------------- | ------------- |
| store      | commits what a provider posts, before it is answered      | store.py      |
| parse      | asks the adapter what each event says                     | parse.py      |
| identify   | finds the customers behind it, or makes them              | identify.py   |
| thread     | locks their conversations, finds repeats and inquiries    | thread.py     |
| receive    | writes the messages, and tells everyone it concerns       | receive.py    |
| codes      | takes a code in a message for the proof that it is        | redeem_claim_code.py |
| reach      | notes that the customer was here, by this inbox           | reach.py      |
| files      | places what came along, or has it fetched                 | files.py      |
| auto reply | greets, or says that nobody is there                      | auto_reply.py |

A provider's events take all of them: what waits in an inbox is taken up in batches
(process_inbox.py, process_event.py), and what is no message has an action of its own
(apply.py). A mail is one too, brought to what it answers on its way (mail.py). What is
written in a web chat is known by its visitor and begins as a draft.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from conversations.adapters.events import InboundMessage
from conversations.contents.circumstances import Quotation
from conversations.inbound.auto_reply import reply_automatically
from conversations.inbound.files import place_received_files
from conversations.inbound.identify import identify
from conversations.inbound.reach import record_contacts
from conversations.inbound.receive import receive
from conversations.inbound.redeem_claim_code import redeem_written_codes
from conversations.inbound.shapes import Draft, Result
from conversations.inbound.thread import thread
from conversations.models import Inbox, Message

# What becomes of new messages once they are written.
_AFTERWARDS: Sequence[Callable[[Inbox, Sequence[Result]], None]] = (
    redeem_written_codes,
    record_contacts,
    place_received_files,
    reply_automatically,
)


@transaction.atomic(savepoint=False)
def receive_drafts(inbox: Inbox, drafts: Sequence[Draft]) -> list[Result]:
    """Bring messages of customers into their threads; a repeat changes nothing.

    A fixed number of round trips, whatever their number, where inquiries are open.
    """
    if not drafts:
        return []
    identify(inbox, drafts)
    threads = thread(inbox, drafts)
    receive(inbox, threads)
    for step in _AFTERWARDS:
        step(inbox, threads.new)
    return threads.results


def draft_of(inbox: Inbox, event: InboundMessage, received_at: datetime) -> Draft:
    """A provider's message as it begins its way."""
    message = Message(
        channel=inbox.channel,
        content=event.content,
        body=event.body,
        data=_data(event),
        provider_message_id=event.provider_message_id,
        occurred_at=event.occurred_at or received_at,
    )
    return Draft(message, event, received_at, subject=event.subject)


def _data(event: InboundMessage) -> dict[str, Any]:
    return {**event.data, **Quotation(event.quoted_id).as_data()}
