from __future__ import annotations

import secrets

from django.db import models
from django.db.models import Q

from agentdesk import crypto as credentials
from agentdesk.accounts.models import AccountOwned, AccountOwnedQuerySet, Membership
from customers.models import Claim

DIGITS = 6


def _new_nonce() -> str:
    return secrets.token_hex(16)


class ClaimCode(AccountOwned):
    """A code sent to a stated address: whoever reads it there tells it to us.

    Not even a digest is stored: the code follows from `nonce` by our key alone.
    """

    claim = models.ForeignKey(Claim, on_delete=models.CASCADE, related_name="codes")
    member = models.ForeignKey(
        Membership, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    nonce = models.CharField(max_length=32, default=_new_nonce)
    attempts = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    spent_at = models.DateTimeField(null=True, blank=True)  # used, renewed, tried out

    objects = AccountOwnedQuerySet["ClaimCode"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["claim"],
                condition=Q(spent_at__isnull=True),
                name="one_code_a_claim",
            )
        ]

    def __str__(self) -> str:
        return f"code of claim {self.claim_id}"

    @property
    def digits(self) -> str:
        """Six digits, made anew whenever they are needed."""
        digest = credentials.digest(f"claim-code:{self.pk}:{self.nonce}")
        return f"{int(digest, 16) % 10**DIGITS:0{DIGITS}}"
