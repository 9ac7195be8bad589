"""What the composer's picker offers: how the inquiry ends, or when it comes back, with the reply."""

from django.http import HttpResponse
from django.views.decorators.http import require_GET

from agentdesk.accounts.roles import Permission
from agentdesk.web.http import DeskRequest, signed_in
from conversations.inquiries.forms.inquiry import ClosingForm
from conversations.inquiries.selectors.reason_choices import reason_choices
from conversations.inquiries.views.picker import CLOSING_FOOT, picker, snooze_picker
from conversations.inquiries.views.visible import visible_conversation


@require_GET
@signed_in
def closing(request: DeskRequest, pk: int) -> HttpResponse:
    """By the conversation, not an inquiry: the reply may be what opens one."""
    conversation = visible_conversation(request, pk)
    request.access.require(Permission.REPLY, conversation.account_id)
    inquiry = conversation.inquiries.open().first()
    choices = reason_choices(
        conversation.account,
        channel=conversation.last_channel,
        current=inquiry.reason_id if inquiry else None,
    )
    form = ClosingForm(account_id=conversation.account_id)
    return picker(request, choices, form, foot=CLOSING_FOOT)


@require_GET
@signed_in
def snooze(request: DeskRequest, pk: int) -> HttpResponse:
    conversation = visible_conversation(request, pk)
    request.access.require(Permission.REPLY, conversation.account_id)
    return snooze_picker(request, conversation.account)
