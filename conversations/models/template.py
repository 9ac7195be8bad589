from __future__ import annotations

from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from agentdesk.accounts.models import AccountOwned, AccountOwnedQuerySet
from conversations.choices import Channel, channel_choices

LEVELS = 2  # of folders
MAX_TEMPLATE = 4000  # letters of a body
_IS_ACTIVE = Q(retired_at__isnull=True)


class TemplateQuerySet(AccountOwnedQuerySet["Template"]):
    def active(self) -> Self:
        return self.filter(_IS_ACTIVE)

    def for_channel(self, channel: str) -> Self:
        """Those for every channel, and those for this one."""
        return self.filter(Q(channels=[]) | Q(channels__contains=[channel]))


class Template(AccountOwned):
    """定型文: a text people insert into replies. Its body may name variables.

    `folder` is a path of up to two levels (`配送/未着`); `position` counts within it.
    No channel means all of them. `name_key` and `search_key` are made by
    `customers.people.text.search_key` whenever the template is written.
    """

    name = models.CharField(_("name"), max_length=80)
    folder = models.CharField(_("folder"), max_length=60, blank=True)
    shortcut = models.CharField(_("shortcut"), max_length=20, blank=True)
    body = models.TextField(_("text"), max_length=MAX_TEMPLATE)
    channels = ArrayField(
        models.CharField(max_length=10, choices=channel_choices),
        default=list,
        blank=True,
    )
    name_key = models.CharField(max_length=100, editable=False)
    search_key = models.TextField(editable=False)
    position = models.PositiveIntegerField(default=0)
    uses = models.PositiveIntegerField(default=0)
    last_used_at = models.DateTimeField(null=True, blank=True)
    retired_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = TemplateQuerySet.as_manager()

    class Meta:
        verbose_name = _("template")
        verbose_name_plural = _("templates")
        ordering = ["folder", "position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["account", "folder", "name"],
                condition=_IS_ACTIVE,
                name="template_name_once",
            ),
            models.UniqueConstraint(
                fields=["account", "shortcut"],
                condition=_IS_ACTIVE & ~Q(shortcut=""),
                name="template_shortcut_once",
            ),
            models.CheckConstraint(
                condition=~Q(name="") & ~Q(body=""), name="template_says_something"
            ),
            models.CheckConstraint(
                condition=Q(folder__regex=r"^([^/]+(/[^/]+)?)?$"),
                name="template_folder_two_levels",
            ),
            models.CheckConstraint(
                condition=Q(shortcut__regex=r"^[0-9a-z_-]*$"),
                name="template_shortcut_letters",
            ),
        ]
        indexes = [
            models.Index(
                fields=["account", "-uses", "id"],
                condition=_IS_ACTIVE,
                name="template_most_used",
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def folder_path(self) -> str:
        return self.folder.replace("/", " › ")

    @property
    def channel_names(self) -> list[tuple[str, str]]:
        return [(channel, str(Channel(channel).label)) for channel in self.channels]
