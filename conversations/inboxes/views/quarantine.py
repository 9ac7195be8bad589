"""What could not be taken up: read (masked), run again, or discarded."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST
from django_htmx.http import HttpResponseClientRedirect

from agentdesk.accounts.models import ClientAccount
from agentdesk.accounts.roles import Permission
from agentdesk.jobs.queueing import enqueue
from agentdesk.web.http import DeskRequest
from agentdesk.web.keyset import InvalidCursorError
from agentdesk.web.settings_pages import managing
from conversations.inbound.tasks import process_inbox
from conversations.inboxes.actions.quarantine import (
    DECIDABLE,
    discard,
    note_look,
    run_again,
)
from conversations.inboxes.selectors.event_body import readable_body
from conversations.inboxes.selectors.quarantine import (
    AsideFilter,
    aside_counts,
    events_aside,
    events_of_reason,
)
from conversations.models import ProviderEvent

_PAGE = "inboxes/quarantine.html"


@require_GET
@managing(Permission.MANAGE_SETTINGS)
def quarantine(request: DeskRequest, account: ClientAccount) -> HttpResponse:
    """Newest first; `?cursor=` leads to older ones."""
    context = _list(request, account)
    return render(request, _PAGE, context)


def _list(request: DeskRequest, account: ClientAccount) -> dict[str, Any]:
    chosen = AsideFilter.of(request.GET.get("state", ""))
    cursor = request.GET.get("cursor", "")
    try:
        found = events_aside(account, chosen, cursor=cursor)
    except InvalidCursorError as error:
        raise Http404 from error
    return {
        "account": account,
        "page": found,
        "chosen": chosen,
        "counts": aside_counts(account),
    }


def _event(account: ClientAccount, pk: int) -> ProviderEvent:
    rows = ProviderEvent.objects.select_related("inbox")
    return get_object_or_404(rows.exclude(body=b""), account=account, pk=pk)


@require_GET
@managing(Permission.MANAGE_SETTINGS)
def event(request: DeskRequest, account: ClientAccount, pk: int) -> HttpResponse:
    """One event with its body, masked. Looking at it is an entry of the audit log."""
    row = _event(account, pk)
    note_look(row, actor=request.user)
    context = {
        "account": account,
        "event": row,
        "body": readable_body(bytes(row.body)),
        "size": len(row.body),
        "same": len(events_of_reason(row)),
        "is_decidable": row.state in DECIDABLE,
    }
    return render(request, "inboxes/event.html", context)


@require_POST
@managing(Permission.MANAGE_SETTINGS)
def again(request: DeskRequest, account: ClientAccount, pk: int) -> HttpResponse:
    """Run it again, or with `all` every one of its inbox with the same reason."""
    row = _event(account, pk)
    ids = run_again(account, _requested(request, row), actor=request.user)
    enqueue(process_inbox, row.inbox_id)  # all are of one inbox
    text = ngettext(
        "%(count)s event is run again", "%(count)s events are run again", len(ids)
    )
    return _back(request, account, text % {"count": len(ids)})


@require_POST
@managing(Permission.MANAGE_SETTINGS)
def throw_away(request: DeskRequest, account: ClientAccount, pk: int) -> HttpResponse:
    ids = discard(account, _requested(request, _event(account, pk)), actor=request.user)
    text = ngettext(
        "%(count)s event was discarded", "%(count)s events were discarded", len(ids)
    )
    return _back(request, account, text % {"count": len(ids)})


def _requested(request: DeskRequest, row: ProviderEvent) -> list[int]:
    return events_of_reason(row) if request.POST.get("all") else [row.pk]


def _back(request: DeskRequest, account: ClientAccount, text: str) -> HttpResponse:
    messages.success(request, text)
    url = reverse("settings_desk:quarantine", args=[account.slug])
    return HttpResponseClientRedirect(url)
