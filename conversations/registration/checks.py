"""What `manage.py check --database default` says about the inboxes."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.core.checks import CheckMessage, Tags, Warning, register
from django.db import DatabaseError
from django.utils import translation

from conversations.inboxes.selectors.trouble import half_configured


@register(Tags.database)
def check_inboxes(
    app_configs: Sequence[AppConfig] | None = None,
    databases: Sequence[str] | None = None,
    **_more: Any,
) -> list[CheckMessage]:
    """A warning for every inbox that is set up by halves; nothing before migrations."""
    if not databases:
        return []
    try:
        with translation.override("en"):
            return [
                Warning(
                    f"{inbox.account.slug}: inbox “{inbox.name}”: {trouble.text}.",
                    hint=trouble.todo,
                    id="conversations.W001",
                )
                for inbox, troubles in half_configured()
                for trouble in troubles
            ]
    except DatabaseError:
        return []
