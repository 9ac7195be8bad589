"""Taking back what one has just sent."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from agentdesk.accounts.roles import Permission
from agentdesk.web.http import STATUS_CONFLICT, DeskRequest, signed_in, toast
from conversations.exceptions import RefusalError
from conversations.inquiries.views.visible import visible_conversation
from conversations.models import Message
from conversations.replies.actions.withdraw import withdraw as take_back
from conversations.replies.forms.draft import DraftForm


@require_POST
@signed_in
def withdraw(request: DeskRequest, pk: int, message_pk: int) -> HttpResponse:
    """The message goes; the draft that is posted takes its place.

    `token` gives its inquiry back, where something was done to that with it.
    """
    conversation = visible_conversation(request, pk)
    member = request.access.require(Permission.REPLY, conversation.account_id)
    rows = Message.objects.select_related("conversation__account")
    message = get_object_or_404(rows, pk=message_pk, conversation=conversation)
    form = DraftForm(request.POST)
    if not form.is_valid():
        return HttpResponse(status=400)
    token = request.POST.get("token", "")
    try:
        is_undone = take_back(
            message, member=member, inquiry_token=token, **form.draft()
        )
    except RefusalError as refusal:
        response = HttpResponse(status=STATUS_CONFLICT)
        return toast(response, str(refusal), "danger")
    response = HttpResponse(status=204)
    return response if is_undone else toast(response, _only_the_reply(), "warning")


def _only_the_reply() -> str:
    return _("The reply was taken back. The inquiry has changed since: it stays.")
