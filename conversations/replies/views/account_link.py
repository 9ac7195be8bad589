"""Asking a customer to link their account at the shop, and undoing what came of it."""

from uuid import uuid4

from django import forms
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from agentdesk.accounts.roles import Permission
from agentdesk.jobs.queueing import enqueue
from agentdesk.web.http import STATUS_INVALID, DeskRequest, signed_in, toast
from conversations.exceptions import RefusalError
from conversations.inbound.join import undo_join
from conversations.inquiries.views.visible import visible_conversation
from conversations.models import Joining
from conversations.outbound.tasks import deliver
from conversations.replies.actions.invite_to_link import invite_to_link


class InviteToLinkForm(forms.Form):
    client_id = forms.UUIDField(required=False)
    via = forms.CharField(required=False, max_length=40)


@require_POST
@signed_in
def invite(request: DeskRequest, pk: int) -> HttpResponse:
    """The answer is the composer's notice, empty when it is done, and a toast."""
    conversation = visible_conversation(request, pk)
    member = request.access.require(Permission.REPLY, conversation.account_id)
    form = InviteToLinkForm(request.POST)
    if not form.is_valid():
        return HttpResponse(status=400)
    data = form.cleaned_data
    notice = "replies/_composer_notice.jinja"
    try:
        message = invite_to_link(
            conversation,
            member=member,
            client_id=data["client_id"] or uuid4(),
            via=data["via"],
        )
    except RefusalError as refusal:
        context = {"text": str(refusal), "tone": "danger"}
        return render(request, notice, context, status=STATUS_INVALID)
    enqueue(deliver, message.pk)
    response = render(request, notice, {}, status=201)
    return toast(response, _("The customer is asked to link their account."))


@require_POST
@signed_in
def part(request: DeskRequest, pk: int, joining_pk: int) -> HttpResponse:
    """別人: the lines of both threads change by the live event."""
    conversation = visible_conversation(request, pk)
    member = request.access.require(Permission.EDIT_CUSTOMER, conversation.account_id)
    rows = Joining.objects.visible_to(request.access).filter(account=member.account_id)
    ends = Q(earlier=conversation) | Q(later=conversation)
    undo_join(get_object_or_404(rows.filter(ends), pk=joining_pk), member=member)
    return toast(HttpResponse(status=204), _("They are two customers again."))
