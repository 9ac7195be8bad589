"""What was done to the contact reasons, as sentences for their page."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from agentdesk.audit.models import AuditEntry


@dataclass(frozen=True)
class HistoryLine:
    at: datetime
    who: str
    what: str


def reason_history(entries: Iterable[AuditEntry]) -> list[HistoryLine]:
    return [
        HistoryLine(
            at=entry.at,
            who=entry.actor.name if entry.actor else _("System"),
            what=_sentence(entry),
        )
        for entry in entries
    ]


def _sentence(entry: AuditEntry) -> str:
    names: dict[str, Any] = {
        "name": entry.target_label,
        "before": entry.before.get("name", ""),
        "after": entry.after.get("name", ""),
        "parent": entry.after.get("parent") or _("the top level"),
        "place": entry.after.get("place", ""),
    }
    sentences = {
        "reason.added": _("“%(name)s” was added under %(parent)s."),
        "reason.renamed": _("“%(before)s” was renamed to “%(after)s”."),
        "reason.reading": _("The reading of “%(name)s” was changed."),
        "reason.moved": _("“%(name)s” was moved to place %(place)s under %(parent)s."),
        "reason.retired": _("“%(name)s” was retired."),
        "reason.restored": _("“%(name)s” was restored."),
    }
    return sentences.get(entry.action, "%(name)s") % names
