"""Pins, and signs on notes."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET, require_POST

from agentdesk.accounts.models import Membership
from agentdesk.accounts.roles import Permission
from agentdesk.web.http import STATUS_CONFLICT, DeskRequest, signed_in, toast
from conversations.choices import MessageKind, NoteEmoji
from conversations.desk.selectors.pins import pins_of
from conversations.exceptions import RefusalError
from conversations.inquiries.views.visible import visible_conversation
from conversations.models import Message
from conversations.replies.actions.note_reaction import set_reaction
from conversations.replies.actions.pin import pin_message, unpin_message


@require_POST
@signed_in
def react(request: DeskRequest, pk: int, message_pk: int) -> HttpResponse:
    """`emoji` is put on the note, or taken off it (`off`)."""
    note, member = _marked(request, pk, message_pk)
    emoji = request.POST.get("emoji", "")
    if note.kind != MessageKind.NOTE or emoji not in NoteEmoji.values:
        return HttpResponse(status=400)
    is_on = "off" not in request.POST
    set_reaction(note, member=member, emoji=NoteEmoji(emoji), is_on=is_on)
    return HttpResponse(status=204)


@require_GET
@signed_in
def pins(request: DeskRequest, pk: int) -> HttpResponse:
    conversation = visible_conversation(request, pk)
    context = {"pins": pins_of(conversation), "conversation": conversation}
    return render(request, "desk/_pins.jinja", context)


@require_POST
@signed_in
def pin(request: DeskRequest, pk: int, message_pk: int) -> HttpResponse:
    message, member = _marked(request, pk, message_pk)
    if message.kind == MessageKind.SYSTEM:
        return HttpResponse(status=400)
    try:
        pin_message(message, member=member)
    except RefusalError as refusal:
        return toast(HttpResponse(status=STATUS_CONFLICT), str(refusal), "danger")
    return HttpResponse(status=204)


@require_POST
@signed_in
def unpin(request: DeskRequest, pk: int, message_pk: int) -> HttpResponse:
    message, member = _marked(request, pk, message_pk)
    unpin_message(message, member=member)
    return HttpResponse(status=204)


def _marked(
    request: DeskRequest, pk: int, message_pk: int
) -> tuple[Message, Membership]:
    conversation = visible_conversation(request, pk)
    member = request.access.require(Permission.REPLY, conversation.account_id)
    rows = Message.objects.select_related("conversation")
    return get_object_or_404(rows, pk=message_pk, conversation=conversation), member
