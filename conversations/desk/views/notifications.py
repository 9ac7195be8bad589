"""What concerns the member: the bell of the top bar."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST
from django_htmx.http import trigger_client_event

from agentdesk.web.http import DeskRequest, signed_in
from agentdesk.web.text import number_in
from conversations.choices import NotificationKind
from conversations.desk.selectors.notifications import bell
from conversations.inquiries.actions.notify import mark_all_seen, mark_seen
from conversations.models import Notification


@require_GET
@signed_in
def notifications(request: DeskRequest) -> HttpResponse:
    """The bell; what is newer than `last` is also said aloud (`notify` event)."""
    found = bell(request.access)
    last = number_in(request.GET.get("last", ""))
    response = render(request, "desk/_notifications.jinja", {"bell": found})
    if last is None:
        return response
    new = [row for row in found.rows if row.seen_at is None and row.pk > last]
    lost = [_shown(row) for row in new if row.kind == NotificationKind.NOT_SENT]
    if lost:
        trigger_client_event(response, "replies-not-sent", {"replies": lost})
    if new:
        trigger_client_event(response, "notify", _spoken(new[0]))
    return response


@require_GET
@signed_in
def open_notification(request: DeskRequest, pk: int) -> HttpResponse:
    """To the conversation it is about; all that is new of it counts as seen from now on."""
    members = [member.pk for member in request.access.memberships.values()]
    row = get_object_or_404(Notification.objects.filter(member_id__in=members), pk=pk)
    mark_seen(row)
    return redirect("desk:conversation", pk=row.conversation_id)


@require_POST
@signed_in
def all_seen(request: DeskRequest) -> HttpResponse:
    mark_all_seen(request.access.memberships.values())
    return render(request, "desk/_notifications.jinja", {"bell": bell(request.access)})


def _shown(row: Notification) -> dict[str, Any]:
    """What the toast of a reply that was not sent says, and where it leads."""
    return {
        "conversation": row.conversation_id,
        "title": str(row.get_kind_display()),
        "text": row.conversation.customer.name_with_honorific,
        "label": gettext("Open the conversation"),
        "url": reverse("desk:notification", args=[row.pk]),
    }


def _spoken(row: Notification) -> dict[str, str | bool]:
    return {
        "title": str(row.get_kind_display()),
        "body": row.conversation.customer.name_with_honorific,
        "url": reverse("desk:notification", args=[row.pk]),
        "sound": True,
        "tag": f"notification-{row.pk}",  # several tabs ask: one of them speaks
    }
