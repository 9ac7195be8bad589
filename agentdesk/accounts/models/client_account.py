from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class Colour(models.TextChoices):
    """The colours of the design system that can mark an account."""

    INDIGO = "indigo", _("Indigo")
    BLUE = "blue", _("Blue")
    SKY = "sky", _("Sky")
    TEAL = "teal", _("Teal")
    GREEN = "green", _("Green")
    LIME = "lime", _("Lime")
    AMBER = "amber", _("Amber")
    ORANGE = "orange", _("Orange")
    RED = "red", _("Red")
    PINK = "pink", _("Pink")
    PURPLE = "purple", _("Purple")
    SLATE = "slate", _("Slate")


class ClientAccount(models.Model):
    """One client company of the contact centre. Everything of a customer is owned by one."""

    name = models.CharField(_("name"), max_length=100)
    slug = models.SlugField(_("short name in addresses"), max_length=50, unique=True)
    colour = models.CharField(
        _("colour"), max_length=10, choices=Colour.choices, default=Colour.INDIGO
    )
    locale = models.CharField(
        _("language of its customers"),
        max_length=5,
        choices=[("ja", _("Japanese")), ("en", _("English"))],
        default="ja",
    )
    time_zone = models.CharField(_("time zone"), max_length=40, default="Asia/Tokyo")
    phone_region = models.CharField(_("phone region"), max_length=2, default="JP")
    phone_number = models.CharField(
        _("telephone number shown to customers"), max_length=20, blank=True
    )
    reopen_hours = models.PositiveIntegerField(_("reopen window in hours"), default=72)
    sign_in_protection = models.BooleanField(
        _("members must use two-step sign-in"), default=False
    )
    closed_on_holidays = models.BooleanField(
        _("closed on national holidays"), default=False
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("client company")
        verbose_name_plural = _("client companies")
        ordering = ["name", "pk"]

    def __str__(self) -> str:
        return self.name


class OpeningHours(models.Model):
    """One interval of a weekday; an account without any is always open."""

    account = models.ForeignKey(
        ClientAccount, on_delete=models.CASCADE, related_name="opening_hours"
    )
    weekday = models.PositiveSmallIntegerField()  # 0 is Monday
    opens = models.TimeField()
    closes = models.TimeField()  # 00:00 is the end of the day

    class Meta:
        ordering = ["weekday", "opens"]
        constraints = [
            models.CheckConstraint(condition=Q(weekday__lte=6), name="hours_weekday"),
            models.CheckConstraint(
                condition=Q(opens__lt=F("closes")) | Q(closes="00:00"),
                name="hours_in_order",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.weekday} {self.opens:%H:%M}-{self.closes:%H:%M}"


class ClosedDay(models.Model):
    """A day on which the account is closed whatever its hours say."""

    account = models.ForeignKey(
        ClientAccount, on_delete=models.CASCADE, related_name="closed_days"
    )
    day = models.DateField()
    name = models.CharField(max_length=60, blank=True)

    class Meta:
        ordering = ["day"]
        constraints = [
            models.UniqueConstraint(fields=["account", "day"], name="closed_day_once")
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.name}".strip()
