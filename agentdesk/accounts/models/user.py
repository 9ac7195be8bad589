from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from agentdesk.accounts.names import person_name


class Theme(models.TextChoices):
    AUTO = "auto", _("Same as the system")
    LIGHT = "light", _("Light")
    DARK = "dark", _("Dark")


class Density(models.TextChoices):
    COMFORTABLE = "comfortable", _("Comfortable")
    COMPACT = "compact", _("Compact")


class UserManager(BaseUserManager["User"]):
    def create_user(
        self, email: str, password: str | None = None, **fields: Any
    ) -> User:
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(
        self, email: str, password: str | None = None, **fields: Any
    ) -> User:
        """An operator of the installation: Django's admin, not a member of accounts."""
        fields |= {"is_staff": True, "is_superuser": True}
        return self.create_user(email, password, **fields)


class User(AbstractBaseUser, PermissionsMixin):
    """A person who signs in, by email. Their place in an account is a Membership."""

    email = models.EmailField(_("email address"), unique=True)
    family_name = models.CharField(_("family name"), max_length=60, blank=True)
    given_name = models.CharField(_("given name"), max_length=60, blank=True)
    family_kana = models.CharField(_("family name, kana"), max_length=60, blank=True)
    given_kana = models.CharField(_("given name, kana"), max_length=60, blank=True)
    language = models.CharField(
        _("language"),
        max_length=5,
        choices=[("ja", _("Japanese")), ("en", _("English"))],
        default="ja",
    )
    time_zone = models.CharField(_("time zone"), max_length=40, default="Asia/Tokyo")
    theme = models.CharField(
        _("theme"), max_length=5, choices=Theme.choices, default=Theme.AUTO
    )
    density = models.CharField(
        _("density of the list"),
        max_length=11,
        choices=Density.choices,
        default=Density.COMFORTABLE,
        db_default=Density.COMFORTABLE,
    )
    sounds = models.BooleanField(_("sounds"), default=True)
    desktop_notifications = models.BooleanField(
        _("desktop notifications"), default=False
    )
    push_details = models.BooleanField(
        _("names and words in notifications on devices"),
        default=False,
        db_default=False,
    )
    hides_first_day = models.BooleanField(_("first day put away"), default=False)
    is_active = models.BooleanField(_("active"), default=True)
    is_staff = models.BooleanField(_("operator of the installation"), default=False)
    date_joined = models.DateTimeField(auto_now_add=True)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects: ClassVar[UserManager] = UserManager()

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")
        constraints = [models.UniqueConstraint(Lower("email"), name="user_email_lower")]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return person_name(self.family_name, self.given_name) or self.email

    @property
    def kana(self) -> str:
        return " ".join(part for part in (self.family_kana, self.given_kana) if part)

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.family_name or self.name
