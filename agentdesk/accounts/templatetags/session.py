from datetime import UTC, datetime

from django import template

from agentdesk.accounts.access import Access
from agentdesk.accounts.unlock import unlock_address

register = template.Library()


@register.simple_tag
def unlock_url(access: Access | None) -> str:
    """Where a page of this user asks for the password again, and for nobody else's."""
    if access is None:
        return ""
    return unlock_address(access.user, access.selected.slug if access.selected else "")


@register.filter
def moment(seconds: int | None) -> datetime | None:
    """Seconds since 1970, as sessions keep them."""
    if seconds is None:
        return None
    return datetime.fromtimestamp(seconds, tz=UTC)
