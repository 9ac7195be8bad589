"""A provider's template in the composer: its fields, and how it will read."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from agentdesk.accounts.roles import Permission
from agentdesk.web.http import DeskRequest, signed_in
from conversations.inquiries.views.visible import visible_conversation
from conversations.outbound.reply_options import chosen_option
from conversations.replies.selectors.provider_templates import find_template


@require_GET
@signed_in
def template_fields(request: DeskRequest, pk: int) -> HttpResponse:
    """`template` is the chosen one, `via` the channel it would go by."""
    conversation = visible_conversation(request, pk)
    request.access.require(Permission.REPLY, conversation.account_id)
    value = request.GET.get("template", "")
    option = chosen_option(conversation, request.GET.get("via", ""))
    offered = find_template(option.inbox, value) if option else None
    context = {"offered": offered, "value": value}
    return render(request, "replies/_template_fields.html", context)
