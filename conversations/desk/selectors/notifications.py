"""What concerns a member, in one entry for each customer."""

from dataclasses import dataclass
from functools import cached_property

from django.db.models import F, Value
from django.db.models.functions import Coalesce, NullIf, Substr

from agentdesk.accounts.access import Access
from conversations.models import Notification

_READ = 100
_SHOWN = 20
_WORDS = 140


@dataclass(frozen=True)
class NotificationGroup:
    """All of one conversation, the newest first; never empty."""

    rows: list[Notification]

    @property
    def newest(self) -> Notification:
        return self.rows[0]

    @property
    def words(self) -> str:
        """Of the message it is about, or of the newest there."""
        words: str = self.newest.words  # type: ignore[attr-defined]  # annotated
        return " ".join(words.split())

    @property
    def unseen(self) -> int:
        return sum(1 for row in self.rows if row.seen_at is None)


@dataclass(frozen=True)
class Bell:
    """The member's newest, over all of their accounts."""

    rows: list[Notification]
    shows_account: bool

    @cached_property
    def groups(self) -> list[NotificationGroup]:
        found: dict[int, list[Notification]] = {}
        for row in self.rows:
            found.setdefault(row.conversation_id, []).append(row)
        return [NotificationGroup(rows) for rows in found.values()][:_SHOWN]

    @property
    def unseen(self) -> int:
        return sum(1 for row in self.rows if row.seen_at is None)

    @property
    def last(self) -> int:
        """The number of the newest; what comes later is news."""
        return self.rows[0].pk if self.rows else 0


def bell(access: Access) -> Bell:
    """One query. Of a message, which may be a long mail, its first words are read."""
    members = [member.pk for member in access.memberships.values()]
    words = Coalesce(
        NullIf(Substr("message__body", 1, _WORDS), Value("")),
        F("conversation__preview"),
    )
    rows = (
        Notification.objects.filter(member_id__in=members)
        .select_related("conversation__customer", "account")
        .annotate(words=words)
        .order_by("-at", "-pk")
    )
    return Bell(list(rows[:_READ]), shows_account=len(members) > 1)
