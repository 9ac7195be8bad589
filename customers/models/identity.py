from __future__ import annotations

from django.contrib.postgres.indexes import OpClass
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Reverse
from django.utils.translation import gettext_lazy as _

from agentdesk.accounts.models import AccountOwned, AccountOwnedQuerySet
from customers.kinds import kind_choices
from customers.models.customer import Customer


class Identity(AccountOwned):
    """One address of a customer. `value` is normalised (`customers.people.text`), `raw` as typed.

    `scope` tells apart values that are only unique within something: the key of the
    inbox for web visitors, the code of the store for shop ids; empty otherwise.
    """

    customer = models.ForeignKey(
        Customer, on_delete=models.PROTECT, related_name="identities"
    )
    kind = models.CharField(_("kind"), max_length=12, choices=kind_choices)
    scope = models.CharField(max_length=100, blank=True)
    value = models.CharField(max_length=320)
    raw = models.CharField(max_length=320, blank=True)
    verified = models.BooleanField(_("verified"), default=False)
    # The last mail that a server looked into and found to be from somebody else.
    doubted_at = models.DateTimeField(_("doubted since"), null=True, blank=True)
    source = models.CharField(_("source"), max_length=40)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = AccountOwnedQuerySet["Identity"].as_manager()

    class Meta:
        verbose_name = _("identity")
        verbose_name_plural = _("identities")
        constraints = [
            models.UniqueConstraint(
                fields=["account", "kind", "scope", "value"], name="identity_once"
            ),
            models.CheckConstraint(condition=~Q(value=""), name="identity_not_empty"),
        ]
        indexes = [
            models.Index(
                F("account"),
                F("kind"),
                OpClass("value", name="text_pattern_ops"),
                name="identity_prefix",
            ),
            models.Index(
                F("account"),
                OpClass(Reverse("value"), name="text_pattern_ops"),
                condition=Q(kind="phone"),
                name="identity_last_digits",
            ),
        ]

    def __str__(self) -> str:
        return self.raw or self.value
