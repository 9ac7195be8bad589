"""定型文 in the composer: what is offered while one types, and one of them filled in."""

from collections.abc import Sequence

from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET, require_POST

from agentdesk.accounts.roles import Permission
from agentdesk.web.http import DeskRequest, signed_in
from agentdesk.web.text import clean_text, number_in
from conversations.inquiries.views.visible import visible_conversation
from conversations.models import Conversation, Template
from conversations.outbound.reply_options import reply_options
from conversations.replies.actions.template import count_use
from conversations.replies.checks.variables import fill
from conversations.replies.selectors.template_values import (
    recent_orders,
    template_values,
)
from conversations.replies.selectors.templates import offered_templates, offers
from customers.models import Order


@require_GET
@signed_in
def offered(request: DeskRequest, pk: int) -> HttpResponse:
    """Those for the channel being answered that match `q`, as a fragment."""
    conversation = visible_conversation(request, pk)
    request.access.require(Permission.REPLY, conversation.account_id)
    found = offered_templates(
        conversation.account_id,
        channel=_channel(request, conversation),
        query=clean_text(request.GET.get("q", "")),
    )
    orders = recent_orders(conversation.customer)
    order = _chosen(orders, request.GET.get("order", ""))
    values = template_values(conversation, author=request.user, order=order)
    context = {
        "conversation": conversation,
        "offers": offers(found, values, conversation.account.locale),
        "orders": orders,
        "order": order,
    }
    return render(request, "replies/_template_options.html", context)


@require_POST
@signed_in
def filled(request: DeskRequest, pk: int, template_pk: int) -> HttpResponse:
    """`{"text"}` of one template for this customer, which counts as a use of it."""
    conversation = visible_conversation(request, pk)
    request.access.require(Permission.REPLY, conversation.account_id)
    rows = Template.objects.active().filter(account_id=conversation.account_id)
    template = get_object_or_404(rows, pk=template_pk)
    orders = recent_orders(conversation.customer)
    order = _chosen(orders, request.POST.get("order", ""))
    values = template_values(conversation, author=request.user, order=order)
    count_use(template)
    return JsonResponse(
        {"text": fill(template.body, values, conversation.account.locale)}
    )


def _chosen(orders: Sequence[Order], chosen_id: str) -> Order | None:
    """The one that was chosen, else the newest."""
    wanted = number_in(chosen_id)
    chosen = [order for order in orders if order.pk == wanted] or orders
    return chosen[0] if chosen else None


def _channel(request: DeskRequest, conversation: Conversation) -> str:
    """What the composer answers on (`via`); else what the customer wrote on last."""
    found, via = reply_options(conversation), request.GET.get("via", "")
    named = [option for option in found.options if option.value == via]
    option = named[0] if named else found.chosen
    return option.inbox.channel if option else ""
