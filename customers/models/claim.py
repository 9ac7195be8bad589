from __future__ import annotations

from django.contrib.postgres.indexes import OpClass
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Reverse
from django.utils.translation import gettext_lazy as _

from agentdesk.accounts.models import AccountOwned, AccountOwnedQuerySet
from customers.choices import ClaimState
from customers.kinds import kind_choices
from customers.models.customer import Customer


class ClaimQuerySet(AccountOwnedQuerySet["Claim"]):
    def open(self) -> ClaimQuerySet:
        return self.filter(state=ClaimState.OPEN)


class Claim(AccountOwned):
    """本人申告: an address that somebody merely stated, of the customer who stated it.

    It owns nothing: no message, call or order is ever threaded by a claim, so several
    customers may state the same address. Once proved it has an `Identity` beside it.
    `value` and `raw` are spelled as those of `Identity`.
    """

    customer = models.ForeignKey(
        Customer, on_delete=models.CASCADE, related_name="claims"
    )
    # Who has stated it, where that turned out to be `customer`.
    stated_by = models.ForeignKey(
        Customer, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    kind = models.CharField(_("kind"), max_length=12, choices=kind_choices)
    value = models.CharField(max_length=320)
    raw = models.CharField(max_length=320, blank=True)
    source = models.CharField(_("source"), max_length=40)
    state = models.CharField(
        max_length=10, choices=ClaimState.choices, default=ClaimState.OPEN
    )
    created_at = models.DateTimeField(auto_now_add=True)
    decided_at = models.DateTimeField(null=True, blank=True)  # proved or refuted

    objects = ClaimQuerySet.as_manager()

    class Meta:
        verbose_name = _("claim")
        verbose_name_plural = _("claims")
        constraints = [
            models.UniqueConstraint(
                fields=["customer", "kind", "value"], name="claim_once"
            ),
            models.CheckConstraint(condition=~Q(value=""), name="claim_not_empty"),
        ]
        indexes = [
            models.Index(
                F("account"),
                F("kind"),
                OpClass("value", name="text_pattern_ops"),
                condition=Q(state="open"),
                name="claim_prefix",
            ),
            models.Index(
                F("account"),
                OpClass(Reverse("value"), name="text_pattern_ops"),
                condition=Q(state="open", kind="phone"),
                name="claim_last_digits",
            ),
        ]

    def __str__(self) -> str:
        return self.raw or self.value
