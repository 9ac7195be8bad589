"""Audit entries of the latest work, so that the audit page has something to show."""

from agentdesk.audit.models import AuditEntry
from agentdesk.ops.demo.companies import Member
from agentdesk.ops.demo.copying import NULL, Table
from agentdesk.ops.demo.lines import Story
from agentdesk.ops.demo.stamps import DAY, stamp

_MOST = 3_000
_DAYS = 14
_ADDRESSES = "198.51.100.{}"  # reserved for documentation


class History:
    def __init__(self, now: int) -> None:
        self._from = now - _DAYS * DAY
        self._count = 0
        self.entries = Table(
            AuditEntry,
            "id account_id actor_id action target_type target_id "
            "target_label before after address at",
        )

    def note(
        self,
        story: Story,
        action: str,
        member: Member | None,
        before: str,
        after: str,
        at: int,
    ) -> None:
        """`before` and `after` are JSON. What is older than a fortnight is left out."""
        if at < self._from or self._count >= _MOST:
            return
        self._count += 1
        actor = str(member.user_id) if member else NULL
        address = _ADDRESSES.format(10 + member.pk % 200) if member else NULL
        self.entries.rows.append(
            f"{self._count}\t{story.company.pk}\t{actor}\t{action}\t"
            f"conversations.inquiry\t{story.pk}\t{story.reference}\t{before}\t{after}\t"
            f"{address}\t{stamp(at)}"
        )
