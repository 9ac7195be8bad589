"""What becomes of a claim: an identity, or something that nobody is asked about again."""

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from agentdesk.accounts.models import User
from agentdesk.audit import log
from customers.choices import ClaimState
from customers.exceptions import ClaimRefutedError
from customers.models import Claim, Customer, Identity
from customers.people.actions.address import normalise_identity
from customers.people.actions.identify import add_identity
from customers.people.live import customer_changed
from customers.signals import claim_decided


@transaction.atomic
def prove_claim(claim: Claim, *, actor: User | None, proof: str) -> Identity:
    """The address is theirs: a verified identity from now on. `proof` says how we know.

    Raises IdentityTakenError where another customer has it: those two may be one person,
    and ClaimRefutedError.
    """
    row = lock_claim(claim)
    if row.state == ClaimState.REFUTED:
        raise ClaimRefutedError
    # Before the identity, by which it would be decided without a word of how.
    if row.state == ClaimState.OPEN:
        close_claim(row, ClaimState.PROVED, actor=actor, proof=proof)
    typed = normalise_identity(row.kind, row.raw, row.customer.account)
    return add_identity(
        row.customer,
        row.kind,
        row.raw if typed == row.value else row.value,
        actor=actor,
        source=row.source,
        verified=True,
    )


@transaction.atomic
def refute_claim(claim: Claim, *, actor: User | None) -> Claim:
    """The address is not theirs: remembered, so that nobody is asked about it again."""
    row = lock_claim(claim)
    if row.state == ClaimState.OPEN:
        close_claim(row, ClaimState.REFUTED, actor=actor)
    return row


def refute_between(one: Customer, other: Customer, *, actor: User | None) -> None:
    """They are two people: what one of them states and the other has is not theirs."""
    for claimant, holder in ((one, other), (other, one)):
        theirs = Identity.objects.filter(
            customer=holder, kind=OuterRef("kind"), value=OuterRef("value")
        )
        claims = Claim.objects.filter(Exists(theirs), customer=claimant)
        for claim in claims.exclude(state=ClaimState.REFUTED).order_by("pk"):
            close_claim(lock_claim(claim), ClaimState.REFUTED, actor=actor)


def lock_claim(claim: Claim) -> Claim:
    rows = Claim.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("customer__account", "account").get(pk=claim.pk)


def close_claim(
    claim: Claim, state: str, *, actor: User | None, proof: str = ""
) -> None:
    """The caller holds its lock."""
    claim.state, claim.decided_at = state, timezone.now()
    claim.save(update_fields=["state", "decided_at"])
    after = {"kind": claim.kind, "value": claim.value, "proof": proof}
    log.record(f"claim.{state}", claim.customer, actor=actor, after=after)
    claim_decided.send(sender=Claim, claim=claim)
    customer_changed(claim.customer)
