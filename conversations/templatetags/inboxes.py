"""What every page says to those who can mend an inbox that is in trouble."""

import re

from django import template
from django.conf import settings
from django.template.context import RequestContext
from django.utils.module_loading import import_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from agentdesk.web.templatetags.components import draw_in_page
from conversations.choices import EventState, InboxState
from conversations.inbound.begin_events import ENDS_PROCESSES
from conversations.inboxes.selectors.overview import alarmed_inboxes, managed_accounts
from conversations.inboxes.selectors.page import TONES, page_of
from conversations.models import Inbox, ProviderEvent

register = template.Library()


@register.simple_tag(takes_context=True)
def inbox_alarms(context: RequestContext) -> SafeString:
    """One line above the page; no query for those who cannot do anything about it."""
    access = context.get("access")
    managed = managed_accounts(access) if access else []
    found = alarmed_inboxes(managed) if managed else []
    if not found:
        return SafeString("")
    inbox, trouble = found[0]
    url = page_of(inbox, inbox.account.slug)
    shown = {"alarms": len(found), "inbox": inbox, "trouble": trouble, "page": url}
    return draw_in_page(context, "desk/_inbox_alarms.jinja", shown)


@register.simple_tag
def demo_provider_values(inbox: Inbox) -> list[tuple[str, str]]:
    """(label, value) of what a provider's console would show; only in the demo.

    By name from the settings, for the demo stands above everything it fills.
    """
    if not (settings.DEMO and inbox.connection.is_simulated):
        return []
    values: list[tuple[str, str]] = import_string(settings.DEMO_PROVIDER)(inbox)
    return values


@register.filter
def state_tone(state: str) -> str:
    return TONES[InboxState(state)]


_OUR_FAULT = re.compile(r"\w*(?:Error|Exception): ")


@register.filter
def aside_words(event: ProviderEvent) -> str:
    """Why an event was set aside, in a sentence; its `reason` says it to engineers."""
    if event.state == EventState.HELD:
        return _("The inbox was not live")
    if event.state == EventState.IGNORED:
        return _("Nothing in it that has to be taken up")
    if event.reason == ENDS_PROCESSES:
        return _(
            "Reading it ended the program each time. Report it to those who run it."
        )
    if _OUR_FAULT.match(event.reason):
        return _("Taking it up failed here. Running it again may help.")
    return _("It is not as the provider's documentation describes it")


@register.simple_tag
def demo_provider_page(inbox: Inbox) -> str:
    """Where one writes as a customer of the simulated provider."""
    return f"{settings.SIMULATOR_URL}/{inbox.channel}/?inbox={inbox.key}"
