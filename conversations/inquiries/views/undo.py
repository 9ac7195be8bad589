"""Taking back the last thing one has done to an inquiry."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from agentdesk.accounts.roles import Permission
from agentdesk.web.http import STATUS_CONFLICT, DeskRequest, signed_in, toast
from conversations.exceptions import RefusalError
from conversations.inquiries.actions.undo import undo as undo_change
from conversations.models import Inquiry


@require_POST
@signed_in
def undo(request: DeskRequest, pk: int) -> HttpResponse:
    """`token` came with the answer to what is to be undone."""
    rows = Inquiry.objects.visible_to(request.access).select_related("conversation")
    inquiry = get_object_or_404(rows, pk=pk)
    request.access.require(Permission.REPLY, inquiry.account_id)
    try:
        undo_change(inquiry, actor=request.user, token=request.POST.get("token", ""))
    except RefusalError as refusal:
        response = HttpResponse(status=STATUS_CONFLICT)
        return toast(response, str(refusal), "danger")
    return toast(HttpResponse(status=204), _("Undone."))
