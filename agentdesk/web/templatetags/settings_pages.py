"""The navigation beside settings pages."""

from typing import Any

from django import template
from django.template.context import RequestContext
from django.urls import reverse

from agentdesk.web.settings_pages import entries_for, manageable_accounts

register = template.Library()


@register.inclusion_tag("settings/_navigation.html", takes_context=True)
def settings_navigation(context: RequestContext) -> dict[str, Any]:
    access, account = context["access"], context["account"]
    request = context["request"]
    pages = []
    group = None
    for entry in entries_for(access, account):
        names = (entry.url_name, *entry.also)
        urls = [reverse(name, kwargs={"slug": account.slug}) for name in names]
        pages.append(
            {
                "label": entry.label,
                "icon": entry.icon,
                "url": urls[0],
                "current": request.path.startswith(tuple(urls)),
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
