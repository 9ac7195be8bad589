"""Replies for later: when, what waits, and what becomes of it."""

from uuid import uuid4

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET, require_POST

from agentdesk.accounts.models import Membership
from agentdesk.accounts.roles import Permission
from agentdesk.jobs.queueing import enqueue
from agentdesk.web.http import STATUS_CONFLICT, DeskRequest, signed_in, toast
from conversations.choices import DeliveryState
from conversations.exceptions import RefusalError
from conversations.inquiries.views.visible import visible_conversation
from conversations.models import ScheduledReply
from conversations.outbound.tasks import deliver
from conversations.replies.actions import schedule as scheduling
from conversations.replies.actions import send_scheduled as sending
from conversations.replies.selectors.moments import moments_of
from conversations.replies.selectors.scheduled import may_decide, scheduled_replies


@require_GET
@signed_in
def moments(request: DeskRequest, pk: int) -> HttpResponse:
    """What the menu beside the send button offers, as it is now."""
    conversation = visible_conversation(request, pk)
    context = {"moments": moments_of(conversation.account)}
    return render(request, "replies/_moments.jinja", context)


@require_GET
@signed_in
def scheduled(request: DeskRequest, pk: int) -> HttpResponse:
    """What waits in this conversation."""
    conversation = visible_conversation(request, pk)
    context = {
        "scheduled": scheduled_replies(request.access, conversation),
        "conversation": conversation,
    }
    return render(request, "replies/_scheduled.jinja", context)


@require_POST
@signed_in
def send(request: DeskRequest, pk: int, scheduled_pk: int) -> HttpResponse:
    row, member = _decided(request, pk, scheduled_pk)
    try:
        message = sending.send_now(row, member=member)
    except RefusalError as refusal:
        return _refused(refusal)
    if message.state == DeliveryState.QUEUED:
        enqueue(deliver, message.pk)
    return HttpResponse(status=204)


@require_POST
@signed_in
def edit(request: DeskRequest, pk: int, scheduled_pk: int) -> HttpResponse:
    """It is a draft again."""
    row, member = _decided(request, pk, scheduled_pk)
    try:
        scheduling.edit_scheduled(row, member=member, client_id=uuid4())
    except RefusalError as refusal:
        return _refused(refusal)
    return HttpResponse(status=204)


@require_POST
@signed_in
def cancel(request: DeskRequest, pk: int, scheduled_pk: int) -> HttpResponse:
    row, member = _decided(request, pk, scheduled_pk)
    try:
        scheduling.cancel_scheduled(row, member=member)
    except RefusalError as refusal:
        return _refused(refusal)
    return HttpResponse(status=204)


def _decided(
    request: DeskRequest, pk: int, scheduled_pk: int
) -> tuple[ScheduledReply, Membership]:
    conversation = visible_conversation(request, pk)
    member = request.access.require(Permission.REPLY, conversation.account_id)
    rows = conversation.scheduled_replies.select_related("author", "conversation")
    row = get_object_or_404(rows, pk=scheduled_pk)
    if not may_decide(request.access, row):
        raise PermissionDenied
    return row, member


def _refused(refusal: RefusalError) -> HttpResponse:
    return toast(HttpResponse(status=STATUS_CONFLICT), str(refusal), "danger")
