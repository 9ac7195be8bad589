"""The navigation beside settings pages."""

from typing import Any

from django import template
from django.template.context import RequestContext
from django.urls import reverse
from django.utils.functional import Promise

from agentdesk.accounts.models import ClientAccount
from agentdesk.web.settings_pages import (
    SettingsEntry,
    entries_for,
    manageable_accounts,
)

register = template.Library()


def _urls(entry: SettingsEntry, account: ClientAccount) -> tuple[str, ...]:
    names = (entry.url_name, *entry.also)
    return tuple(reverse(name, kwargs={"slug": account.slug}) for name in names)


@register.simple_tag(takes_context=True)
def settings_page_name(context: RequestContext) -> str | Promise:
    """What the navigation calls the page one is on."""
    account, path = context["account"], context["request"].path
    for entry in entries_for(context["access"], account):
        if path.startswith(_urls(entry, account)):
            return entry.label
    return ""


@register.inclusion_tag("settings/_navigation.html", takes_context=True)
def settings_navigation(context: RequestContext) -> dict[str, Any]:
    access, account = context["access"], context["account"]
    request = context["request"]
    pages = []
    group = None
    for entry in entries_for(access, account):
        urls = _urls(entry, account)
        pages.append(
            {
                "label": entry.label,
                "icon": entry.icon,
                "url": urls[0],
                "current": request.path.startswith(urls),
                "count": entry.count(account) if entry.count else 0,
                "heading": "" if entry.group == group else entry.group,
            }
        )
        group = entry.group
    return {
        "account": account,
        "pages": pages,
        "others": [other for other in manageable_accounts(access) if other != account],
    }
