"""A code that was sent to a stated address comes back: typed by a member or written by the customer."""

import hmac
import re
import unicodedata
from collections.abc import Sequence
from contextlib import suppress

from django.db import transaction
from django.utils import timezone

from agentdesk.accounts.models import User
from agentdesk.audit import log
from conversations.exceptions import (
    WrongClaimCodeError,
)
from conversations.inbound.dispute import show_right_code
from conversations.inbound.shapes import Result
from conversations.models import ClaimCode, Inbox
from customers.choices import ClaimProof, ClaimState
from customers.exceptions import ClaimRefutedError, IdentityTakenError
from customers.models import Claim, Identity
from customers.people.actions.decide_claim import prove_claim

MOST_WRONG_TRIES = 5


_CODE = re.compile(r"\D{0,20}(\d{3})[\s-]?(\d{3})\D{0,20}")


def redeem_claim_code(claim: Claim, typed: str, *, actor: User | None) -> Identity:
    """The address is theirs where the code is right. A wrong try is remembered.

    Raises WrongClaimCodeError, ClaimRefutedError, and IdentityTakenError where another
    customer has the address: the code was right, and those two may be one person.
    """
    match = _CODE.fullmatch(unicodedata.normalize("NFKC", typed[:60]).strip())
    if match is None or not _is_right(claim, match[1] + match[2], actor=actor):
        raise WrongClaimCodeError
    try:
        return _prove(claim, actor=actor)
    except IdentityTakenError as taken:
        show_right_code(claim, taken.customer)
        raise


@transaction.atomic
def _prove(claim: Claim, *, actor: User | None) -> Identity:
    return prove_claim(claim, actor=actor, proof=ClaimProof.CODE)


@transaction.atomic
def _is_right(claim: Claim, digits: str, *, actor: User | None) -> bool:
    """Compared once, under its lock: a right code is spent, a wrong try counted."""
    code = (
        ClaimCode.objects.select_for_update(of=("self",), no_key=True)
        .filter(claim=claim, spent_at__isnull=True, expires_at__gt=timezone.now())
        .first()
    )
    if code is None:
        return False
    is_right = hmac.compare_digest(code.digits, digits)
    code.attempts += 1
    if is_right or code.attempts >= MOST_WRONG_TRIES:
        code.spent_at = timezone.now()
    code.save(update_fields=["attempts", "spent_at"])
    if not is_right:
        after = {"kind": claim.kind, "value": claim.value}
        log.record("claim.code_refused", claim.customer, actor=actor, after=after)
    return is_right


def redeem_written_codes(_inbox: Inbox, new: Sequence[Result]) -> None:
    """Codes that customers write in their own conversation: in the chat, mostly."""
    written = {
        message.conversation_id: message.body
        for message in (one.message for one in new)
        if len(message.body) <= 40
        and _CODE.fullmatch(unicodedata.normalize("NFKC", message.body).strip())
    }
    if not written:
        return
    pending = ClaimCode.objects.filter(
        claim__customer__conversation__in=written,
        claim__state=ClaimState.OPEN,
        spent_at__isnull=True,
        expires_at__gt=timezone.now(),
    ).select_related("claim__customer__conversation")
    for code in pending.order_by("pk"):
        body = written[code.claim.customer.conversation.pk]
        with suppress(WrongClaimCodeError, IdentityTakenError, ClaimRefutedError):
            redeem_claim_code(code.claim, body, actor=None)
