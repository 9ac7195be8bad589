"""An answer to a mail of ours proves that the stated address it went to is theirs."""

from contextlib import suppress

from django.db import transaction

from conversations.adapters.events import InboundMail
from conversations.inbound.thread_mail import claims_marked
from conversations.models import Inbox
from customers.choices import ClaimProof, ClaimState, IdentityKind
from customers.exceptions import ClaimRefutedError, IdentityTakenError
from customers.people.actions.decide_claim import prove_claim
from customers.people.text import normalise_email


def prove_by_answer(inbox: Inbox, mail: InboundMail) -> None:
    """Only what carries the mark that we sent there alone, from that very address.

    A machine answers whoever writes: it proves nothing. Without a mark the address is
    the real sender's, whoever has stated it.
    """
    if mail.is_automatic:
        return
    sender = normalise_email(mail.message.sender.address.value)
    for claim in claims_marked(inbox, mail):
        is_theirs = claim.kind == IdentityKind.EMAIL and claim.value == sender
        if is_theirs and claim.state == ClaimState.OPEN:
            with (
                suppress(IdentityTakenError, ClaimRefutedError),
                transaction.atomic(),
            ):
                prove_claim(claim, actor=None, proof=ClaimProof.ANSWER)
