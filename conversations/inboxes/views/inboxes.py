"""All inboxes of an account: how they fare, one more of them, and what failed."""

from typing import Any

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods
from django_htmx.http import HttpResponseClientRedirect

from agentdesk.accounts.exceptions import SettingRefusedError
from agentdesk.accounts.models import ClientAccount
from agentdesk.accounts.roles import Permission
from agentdesk.web.http import STATUS_INVALID, DeskRequest
from agentdesk.web.keyset import InvalidCursorError, page
from agentdesk.web.settings_pages import managing
from conversations.adapters.registry import ADAPTERS
from conversations.choices import Channel
from conversations.inboxes.actions.inbox import create_inbox
from conversations.inboxes.forms.inbox import NewInboxForm
from conversations.inboxes.selectors.overview import failed_since, inbox_rows
from conversations.inboxes.selectors.page import TONES, offered_channels, page_of
from conversations.models import Delivery, Inbox

_FAILURES = 30


@require_GET
@managing(Permission.MANAGE_SETTINGS)
def inboxes(request: DeskRequest, account: ClientAccount) -> HttpResponse:
    rows: list[dict[str, Any]] = [
        {"row": row, "url": page_of(row.inbox, account.slug), "tone": _tone(row.inbox)}
        for row in inbox_rows(account)
    ]
    troubles = [one for shown in rows for one in shown["row"].troubles]
    unreached = next((one.todo for one in troubles if one.code == "webhook"), "")
    context = {"account": account, "rows": rows, "webhook_trouble": unreached}
    return render(request, "inboxes/inboxes.html", context)


def _tone(inbox: Inbox) -> str:
    return {str(state): tone for state, tone in TONES.items()}[inbox.state]


@require_http_methods(["GET", "POST"])
@managing(Permission.MANAGE_SETTINGS)
def new_inbox(request: DeskRequest, account: ClientAccount) -> HttpResponse:
    """Choose a channel; the answer leads to the page where it is set up."""
    channels = [str(channel) for channel in offered_channels()]
    if request.method == "GET":
        context = _chooser(account, NewInboxForm(channels=channels))
        return render(request, "inboxes/new_inbox.html", context)
    form = NewInboxForm(request.POST, channels=channels)
    if form.is_valid():
        try:
            inbox = create_inbox(
                account,
                actor=request.user,
                channel=Channel(form.cleaned_data["channel"]),
                name=form.cleaned_data["name"],
                is_simulated=settings.DEMO and form.cleaned_data["is_simulated"],
            )
        except SettingRefusedError as refusal:
            form.add_error(refusal.field or None, refusal.message)
        else:
            return HttpResponseClientRedirect(page_of(inbox, account.slug))
    template = "inboxes/_new_inbox_form.html"
    context = _chooser(account, form)
    return render(request, template, context, status=STATUS_INVALID)


def _chooser(account: ClientAccount, form: NewInboxForm) -> dict[str, Any]:
    chosen = str(form["channel"].value() or "")
    channels = [
        {
            "channel": str(channel),
            "name": channel.label,
            "words": ADAPTERS[channel].about.summary,
            "is_chosen": str(channel) == chosen,
            "has_steps": bool(ADAPTERS[channel].fields),
        }
        for channel in offered_channels()
    ]
    is_simulated = not form.is_bound or bool(form["is_simulated"].value())
    return {
        "account": account,
        "form": form,
        "channels": channels,
        "is_simulated": is_simulated,
    }


@require_GET
@managing(Permission.MANAGE_SETTINGS)
def failures(request: DeskRequest, account: ClientAccount, pk: int) -> HttpResponse:
    """What the last 24 hours could not deliver on one inbox."""
    inbox = get_object_or_404(Inbox, account=account, pk=pk)
    rows = Delivery.objects.filter(failed_since(timezone.now()), inbox=inbox)
    try:
        found = page(
            rows.select_related(
                "message__conversation__customer", "message__author__user"
            ),
            ("-settled_at", "-pk"),
            cursor=request.GET.get("cursor", ""),
            size=_FAILURES,
        )
    except InvalidCursorError as error:
        raise Http404 from error
    context = {
        "account": account,
        "inbox": inbox,
        "inbox_url": page_of(inbox, account.slug),
        "page": found,
        "heading": _("Failed on %(inbox)s") % {"inbox": inbox.name},
    }
    return render(request, "inboxes/failures.html", context)
