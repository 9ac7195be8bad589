"""What becomes of a claim: an identity, or something that nobody is asked about again."""

from django.db import transaction
from django.utils import timezone

from agentdesk.accounts.models import User
from agentdesk.audit import log
from customers.actions.address import normalise_identity
from customers.actions.identify import add_identity
from customers.choices import ClaimState
from customers.live import customer_changed
from customers.models import Claim, Identity


@transaction.atomic
def prove_claim(claim: Claim, *, actor: User | None, proof: str) -> Identity:
    """The address is theirs: a verified identity from now on. `proof` says how we know.

    Raises IdentityTakenError where another customer has it: those two may be one person.
    """
    row = lock_claim(claim)
    typed = normalise_identity(row.kind, row.raw, row.customer.account)
    identity = add_identity(
        row.customer,
        row.kind,
        row.raw if typed == row.value else row.value,
        actor=actor,
        source=row.source,
        verified=True,
    )
    _decide(row, ClaimState.PROVED, actor=actor, proof=proof)
    return identity


@transaction.atomic
def refute_claim(claim: Claim, *, actor: User | None) -> Claim:
    """The address is not theirs: remembered, so that nobody is asked about it again."""
    row = lock_claim(claim)
    if row.state == ClaimState.OPEN:
        _decide(row, ClaimState.REFUTED, actor=actor)
    return row


def lock_claim(claim: Claim) -> Claim:
    rows = Claim.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("customer__account", "account").get(pk=claim.pk)


def _decide(claim: Claim, state: str, *, actor: User | None, proof: str = "") -> None:
    claim.state, claim.decided_at = state, timezone.now()
    claim.save(update_fields=["state", "decided_at"])
    after = {"kind": claim.kind, "value": claim.value, "proof": proof}
    log.record(f"claim.{state}", claim.customer, actor=actor, after=after)
    customer_changed(claim.customer)
