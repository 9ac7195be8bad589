"""What every page says to those who can mend an inbox that is in trouble."""

from typing import Any

from django import template
from django.template.context import RequestContext

from conversations.selectors.inbox_overview import alarmed_inboxes, managed_accounts
from conversations.selectors.inbox_page import page_of

register = template.Library()


@register.inclusion_tag("conversations/_inbox_alarms.html", takes_context=True)
def inbox_alarms(context: RequestContext) -> dict[str, Any]:
    """One line above the page; no query for those who cannot do anything about it."""
    access = context.get("access")
    managed = managed_accounts(access) if access else []
    found = alarmed_inboxes(managed) if managed else []
    if not found:
        return {"alarms": 0}
    inbox, trouble = found[0]
    url = page_of(inbox, inbox.account.slug)
    return {"alarms": len(found), "inbox": inbox, "trouble": trouble, "url": url}
