from __future__ import annotations

from django.contrib.postgres.indexes import OpClass
from django.db import models
from django.db.models import F
from django.utils.translation import gettext, pgettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from agentdesk.accounts.models import (
    AccountOwned,
    AccountOwnedQuerySet,
    Colour,
    SandboxedQuerySet,
)
from agentdesk.accounts.names import person_name


class MemberRank(AccountOwned):
    """会員ランク: how the account grades its customers."""

    name = models.CharField(pgettext_lazy("thing", "name"), max_length=40)
    colour = models.CharField(
        _("colour"), max_length=10, choices=Colour.choices, default=Colour.SLATE
    )
    position = models.PositiveIntegerField(default=0)
    retired_at = models.DateTimeField(null=True, blank=True)

    objects = AccountOwnedQuerySet["MemberRank"].as_manager()

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["account", "name"], name="rank_name_once")
        ]

    def __str__(self) -> str:
        return self.name


class Customer(AccountOwned):
    """A person the account serves.

    `name_key` and `kana_key` are search keys made by `customers.people.text.search_key`
    whenever a name is written; the names themselves are kept as they were typed.
    """

    family_name = models.CharField(_("family name"), max_length=60, blank=True)
    given_name = models.CharField(_("given name"), max_length=60, blank=True)
    family_kana = models.CharField(_("family name, kana"), max_length=60, blank=True)
    given_kana = models.CharField(_("given name, kana"), max_length=60, blank=True)
    # What they call themselves at a provider: shown where no name is known.
    display_name = models.CharField(max_length=100, blank=True)
    name_key = models.CharField(max_length=130, blank=True, editable=False)
    kana_key = models.CharField(max_length=130, blank=True, editable=False)
    rank = models.ForeignKey(
        MemberRank, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    attributes = models.JSONField(default=dict, blank=True)
    caution = models.TextField(_("caution"), max_length=1000, blank=True)
    address = models.CharField(_("address"), max_length=300, blank=True)
    is_test = models.BooleanField(default=False)  # of an inbox being set up
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = SandboxedQuerySet["Customer"].as_manager()

    class Meta:
        verbose_name = _("customer")
        verbose_name_plural = _("customers")
        indexes = [
            models.Index(
                fields=["account", "-updated_at", "-id"], name="customer_recent"
            ),
            models.Index(
                F("account"),
                OpClass("name_key", name="text_pattern_ops"),
                name="customer_name_key",
            ),
            models.Index(
                F("account"),
                OpClass("kana_key", name="text_pattern_ops"),
                name="customer_kana_key",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_named(self) -> bool:
        return bool(self.family_name or self.given_name)

    @property
    def name(self) -> str:
        """山田 太郎, without 様; else what they call themselves, or our number."""
        return (
            person_name(self.family_name, self.given_name)
            or self.display_name
            or gettext("Unnamed customer %(number)s") % {"number": self.pk}
        )

    @property
    def name_with_honorific(self) -> str:
        """山田 太郎 様 in Japanese; the bare name in English."""
        if not self.is_named and not self.display_name:
            return self.name
        return pgettext("honorific", "%(name)s") % {"name": self.name}

    @property
    def kana(self) -> str:
        return " ".join(part for part in (self.family_kana, self.given_kana) if part)
