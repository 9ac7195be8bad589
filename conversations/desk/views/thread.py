"""The live regions of an open conversation."""

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET, require_POST

from agentdesk.jobs.queueing import enqueue
from agentdesk.web.http import DeskRequest, signed_in
from agentdesk.web.text import number_in
from conversations.desk.selectors import thread
from conversations.desk.selectors.workspace import viewers
from conversations.inquiries.actions.mark_read import mark_read
from conversations.inquiries.selectors.current import current_or_last
from conversations.inquiries.views.visible import visible_conversation
from conversations.models import Inquiry, Message
from conversations.outbound.tasks import send_read_receipt
from conversations.webchat.selectors.visitor_card import visitor_card


@require_GET
@signed_in
def messages(request: DeskRequest, pk: int) -> HttpResponse:
    """What has come after the message that the screen saw last (`after`)."""
    conversation = visible_conversation(request, pk)
    after = number_in(request.GET.get("after", "0"))
    if after is None:
        return HttpResponse(status=400)
    context = {
        "thread": thread.newer(conversation, than_pk=after),
        "conversation": conversation,
        "after": after,
    }
    return render(request, "desk/_newer.jinja", context)


@require_GET
@signed_in
def earlier_messages(request: DeskRequest, pk: int, before: int) -> HttpResponse:
    """The page before the message `before`."""
    conversation = visible_conversation(request, pk)
    than = get_object_or_404(
        Message.objects.filter(conversation=conversation), pk=before
    )
    context = {
        "thread": thread.earlier(conversation, than=than),
        "conversation": conversation,
    }
    return render(request, "desk/_earlier.jinja", context)


@require_GET
@signed_in
def message(request: DeskRequest, pk: int, message_pk: int) -> HttpResponse:
    """One message as it stands now."""
    item = thread.one(visible_conversation(request, pk), message_pk)
    if item is None:
        raise Http404  # its writer has withdrawn it, or it was never here
    return render(request, "desk/_message.jinja", {"item": item})


@require_GET
@signed_in
def inquiry_bar(request: DeskRequest, pk: int) -> HttpResponse:
    """受付番号, status, owner and reason, and what can be done with them."""
    conversation = visible_conversation(request, pk)
    context = {
        "conversation": conversation,
        "inquiry": current_or_last(conversation),
        "member": request.access.membership_in(conversation.account_id),
    }
    return render(request, "desk/_inquiry_bar.jinja", context)


@require_GET
@signed_in
def viewer_list(request: DeskRequest, pk: int) -> HttpResponse:
    conversation = visible_conversation(request, pk)
    context = {
        "viewers": viewers(request.access, conversation),
        "conversation": conversation,
    }
    return render(request, "desk/_viewers.jinja", context)


@require_GET
@signed_in
def visitor(request: DeskRequest, pk: int) -> HttpResponse:
    """Where the web chat's visitor is, and what they say of themselves."""
    conversation = visible_conversation(request, pk)
    context = {"card": visitor_card(conversation), "conversation": conversation}
    return render(request, "desk/_visitor_card.jinja", context)


@require_POST
@signed_in
def read(request: DeskRequest, pk: int) -> HttpResponse:
    """The member has the newest messages before their eyes."""
    conversation = visible_conversation(request, pk)
    member = request.access.membership_in(conversation.account_id)
    if mark_read(conversation, member=member):
        enqueue(send_read_receipt, conversation.pk)
    return HttpResponse(status=204)


@require_GET
@signed_in
def timeline(request: DeskRequest, pk: int) -> HttpResponse:
    """What happened to one inquiry, from its opening on."""
    inquiry = get_object_or_404(
        Inquiry.objects.visible_to(request.access).select_related(
            "conversation__customer", "owner__user", "reason"
        ),
        pk=pk,
    )
    lines = inquiry.messages.filter(kind="system").select_related("author__user")
    context = {"inquiry": inquiry, "lines": lines.order_by("pk")[:200]}
    return render(request, "desk/_timeline.jinja", context)
