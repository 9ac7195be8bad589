"""On to the inquiry that has waited longest: never the same one for two members."""

from agentdesk.accounts.access import Access
from agentdesk.accounts.roles import Permission
from conversations.exceptions import AlreadyClosedError, OwnedError
from conversations.inquiries.actions.inquiry import take
from conversations.inquiries.selectors.inquiry_list import next_waiting
from conversations.models import Inquiry

_TRIES = 20


def take_next(access: Access, *, besides: int = 0) -> Inquiry | None:
    """The next of the member's own, or one of nobody's, which is theirs from now on.

    Each try is a transaction of its own: what another has just taken is passed over.
    """
    for _try in range(_TRIES):
        found = next_waiting(access, besides=besides)
        if found is None or found.owner_id is not None:
            return found
        member = access.require(Permission.ASSIGN_SELF, found.account_id)
        try:
            return take(found, member=member, seen_owner=0)
        except (OwnedError, AlreadyClosedError):
            continue
    return None
