"""The replies of a conversation that wait for their time."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from agentdesk.accounts.access import Access
from agentdesk.accounts.roles import Permission
from conversations.models import Conversation, ScheduledReply
from conversations.replies.selectors.moments import shown_moment


@dataclass(frozen=True)
class Scheduled:
    """`can_decide`: the viewer may send, mend or cancel it."""

    row: ScheduledReply
    can_decide: bool

    @property
    def shown_at(self) -> str:
        zone = ZoneInfo(self.row.account.time_zone)
        return shown_moment(self.row.send_at.astimezone(zone))


def scheduled_replies(access: Access, conversation: Conversation) -> list[Scheduled]:
    """In their order; no query where the conversation says that there are none."""
    if not conversation.scheduled:
        return []
    rows = conversation.scheduled_replies.select_related("author__user")
    found = []
    for row in rows.order_by("send_at", "pk"):
        row.account = conversation.account
        found.append(Scheduled(row, may_decide(access, row)))
    return found


def may_decide(access: Access, row: ScheduledReply) -> bool:
    """Its writer may, and whoever may take over another's answer."""
    leads = access.allows(Permission.BREAK_LEASE, row.account_id)
    is_own = row.author.user_id == access.user.pk
    return leads or (is_own and access.allows(Permission.REPLY, row.account_id))
