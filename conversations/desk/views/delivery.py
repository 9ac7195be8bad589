"""What an agent does about a reply on its way: send it again, or let it rest."""

from contextlib import suppress

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET, require_POST

from agentdesk.accounts.models import Membership
from agentdesk.accounts.roles import Permission
from agentdesk.jobs.queueing import enqueue
from agentdesk.web.http import STATUS_INVALID, DeskRequest, signed_in
from conversations.choices import Direction
from conversations.desk.selectors import thread
from conversations.exceptions import NothingToResendError, RefusalError
from conversations.inquiries.views.visible import visible_conversation
from conversations.models import Conversation, DeliveryAttempt, Message
from conversations.outbound import resend as resending
from conversations.outbound.reply_options import reply_options
from conversations.outbound.tasks import deliver


@require_POST
@signed_in
def resend(request: DeskRequest, pk: int, message_pk: int) -> HttpResponse:
    """Once more; the answer is the message as it stands then."""
    conversation, message, member = _reply(request, pk, message_pk)
    try:
        resending.resend(message, member=member)
    except NothingToResendError:
        return _shown(request, conversation, message_pk)
    except RefusalError as refusal:
        return _shown(request, conversation, message_pk, str(refusal))
    enqueue(deliver, message.pk)
    return _shown(request, conversation, message_pk)


@require_POST
@signed_in
def accept(request: DeskRequest, pk: int, message_pk: int) -> HttpResponse:
    """The agent has seen at the provider that it arrived."""
    conversation, message, member = _reply(request, pk, message_pk)
    with suppress(NothingToResendError):  # somebody was faster: it is shown as it is
        resending.accept_as_sent(message, member=member)
    return _shown(request, conversation, message_pk)


@require_GET
@signed_in
def attempts(request: DeskRequest, pk: int, message_pk: int) -> HttpResponse:
    """Every request that was made for a reply."""
    rows = DeliveryAttempt.objects.filter(
        delivery__message=message_pk,
        delivery__message__conversation=visible_conversation(request, pk),
    )
    context = {"attempts": rows.order_by("pk")[:100]}
    return render(request, "desk/message/_attempts.jinja", context)


def _reply(
    request: DeskRequest, pk: int, message_pk: int
) -> tuple[Conversation, Message, Membership]:
    conversation = visible_conversation(request, pk)
    member = request.access.require(Permission.REPLY, conversation.account_id)
    replies = Message.objects.filter(
        conversation=conversation, direction=Direction.OUTBOUND
    ).select_related("conversation")
    return conversation, get_object_or_404(replies, pk=message_pk), member


def _shown(
    request: DeskRequest, conversation: Conversation, pk: int, refusal: str = ""
) -> HttpResponse:
    """A refusal comes with the customer's other channels."""
    item = thread.one(conversation, pk)
    if item is None:
        raise Http404
    others = reply_options(conversation).open if refusal else []
    context = {"item": item, "refusal": refusal, "others": others}
    status = STATUS_INVALID if refusal else 200
    return render(request, "desk/_message.jinja", context, status=status)
