"""One address, stated by one customer and held by another: somebody has to look."""

from collections import Counter
from collections.abc import Sequence

from django.utils import timezone

from customers.choices import ClaimState
from customers.models import Claim, Identity
from customers.signals import address_disputed, claim_decided

# Of one address: whoever has it is not to be buried under what strangers state.
MOST_DISPUTED = 5


def settle_claims(identities: Sequence[Identity]) -> None:
    """To be called after identities of one account were stored, or moved to another customer.

    What their own customers have stated is proved by them; what others have stated is
    disputed, by the first few of them. Two statements where nobody disputes anything.
    """
    by_address = {(one.kind, one.value): one for one in identities if not one.scope}
    if not by_address:
        return
    claims = Claim.objects.open().filter(
        account_id=identities[0].account_id,
        kind__in={kind for kind, _value in by_address},
        value__in={value for _kind, value in by_address},
    )
    own: list[Claim] = []
    disputed: list[tuple[Claim, Identity]] = []
    times: Counter[int] = Counter()  # by identity
    for claim in claims.select_related("customer").order_by("pk"):
        identity = by_address.get((claim.kind, claim.value))
        if identity is None:
            continue
        if identity.customer_id == claim.customer_id:
            own.append(claim)
        elif times[identity.pk] < MOST_DISPUTED:
            times[identity.pk] += 1
            disputed.append((claim, identity))
    if own:
        Claim.objects.filter(pk__in=[claim.pk for claim in own]).update(
            state=ClaimState.PROVED, decided_at=timezone.now()
        )
    for claim in own:
        claim_decided.send(sender=Claim, claim=claim)
    for claim, identity in disputed:
        dispute(claim, identity)


def dispute(claim: Claim, identity: Identity) -> None:
    address_disputed.send(sender=Claim, claim=claim, identity=identity)
