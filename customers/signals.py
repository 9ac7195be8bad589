"""What the apps above this one need to know in the same transaction."""

from django.dispatch import Signal

# claim: Claim, identity: Identity, customer: Customer (who has the identity).
# Somebody states an address that another customer has, or has just got.
address_disputed = Signal()

# claim: Claim. It was proved or refuted: nothing is left to check.
claim_decided = Signal()
