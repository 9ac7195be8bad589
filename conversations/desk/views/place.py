"""A thread opened somewhere else than at its end, and what can be jumped to."""

from datetime import date

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.dateparse import parse_date
from django.views.decorators.http import require_GET

from agentdesk.web.http import DeskRequest, signed_in
from agentdesk.web.text import number_in
from conversations.desk.selectors import thread, thread_place
from conversations.inquiries.views.visible import visible_conversation
from conversations.models import Conversation, Message

_YEARS = range(1970, 2970)  # which every time zone can show


def place_in(request: DeskRequest, conversation: Conversation) -> Message | None:
    """The message that `message`, `inquiry` or `day` of the address leads to.

    None is the end: no place is named, or there is nothing of it here.
    """
    chosen = request.GET
    if pk := number_in(chosen.get("message", "")):
        return conversation.messages.filter(pk=pk).first()
    if pk := number_in(chosen.get("inquiry", "")):
        return thread_place.message_of_inquiry(conversation, pk)
    day = _day_in(chosen.get("day", ""))
    return thread_place.message_of_day(conversation, day) if day else None


def _day_in(text: str) -> date | None:
    try:
        day = parse_date(text)
    except ValueError:
        return None
    return day if day and day.year in _YEARS else None


@require_GET
@signed_in
def messages_around(request: DeskRequest, pk: int) -> HttpResponse:
    """The thread around the place that the address names; without one its end."""
    conversation = visible_conversation(request, pk)
    at = place_in(request, conversation)
    if at is None and request.GET.get("message"):
        raise Http404  # its writer has withdrawn it, or it was never here
    found = (
        thread_place.around(conversation, at=at) if at else thread.latest(conversation)
    )
    context = {"thread": found, "conversation": conversation}
    return render(request, "desk/_thread.jinja", context)


@require_GET
@signed_in
def later_messages(request: DeskRequest, pk: int, after: int) -> HttpResponse:
    """The page behind the message `after`."""
    conversation = visible_conversation(request, pk)
    than = get_object_or_404(
        Message.objects.filter(conversation=conversation), pk=after
    )
    context = {
        "thread": thread_place.later(conversation, than=than),
        "conversation": conversation,
    }
    return render(request, "desk/_later.jinja", context)


@require_GET
@signed_in
def places(request: DeskRequest, pk: int) -> HttpResponse:
    """Its inquiries, to jump to."""
    conversation = visible_conversation(request, pk)
    context = {
        "conversation": conversation,
        "inquiries": thread_place.inquiries_of(request.access, conversation),
    }
    return render(request, "desk/_places.jinja", context)
