"""The live parts of the composer; the text between them is never swapped."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from agentdesk.web.http import DeskRequest, signed_in
from conversations.inquiries.views.visible import visible_conversation
from conversations.outbound.reply_option import ReplyOptions
from conversations.outbound.reply_options import chosen_option, reply_options
from conversations.replies.selectors.composer import composer
from conversations.replies.selectors.picked import (
    Held,
    Picked,
    picked_again,
    picked_by_hand,
)


@require_GET
@signed_in
def state(request: DeskRequest, pk: int) -> HttpResponse:
    """Who may write now."""
    conversation = visible_conversation(request, pk)
    context = {"composer": composer(request.access, conversation)}
    return render(request, "replies/_composer_state.jinja", context)


@require_GET
@signed_in
def via(request: DeskRequest, pk: int) -> HttpResponse:
    """Where the reply will go, and where else it could.

    `picked` is what the agent chooses now; `via`, `via_usual` and `via_chosen` what
    the screen holds, `kept` that a text has been begun.
    """
    conversation = visible_conversation(request, pk)
    replies = reply_options(conversation)
    context = {
        "conversation": conversation,
        "replies": replies,
        "picked": _picked(request, replies),
        "is_chosen": bool(request.GET.get("picked") or request.GET.get("via_chosen")),
    }
    return render(request, "replies/_composer_via.jinja", context)


def _picked(request: DeskRequest, replies: ReplyOptions) -> Picked:
    query = request.GET
    if query.get("picked"):
        return picked_by_hand(replies, query["picked"])
    held = Held(
        via=query.get("via", ""),
        usual=query.get("via_usual", ""),
        is_chosen=bool(query.get("via_chosen") or query.get("kept")),
    )
    return picked_again(replies, held)


@require_GET
@signed_in
def extra(request: DeskRequest, pk: int) -> HttpResponse:
    """What the channel `via` needs beside the text: a subject, a template."""
    conversation = visible_conversation(request, pk)
    context = {
        "composer": composer(request.access, conversation),
        "option": chosen_option(conversation, request.GET.get("via", "")),
    }
    return render(request, "replies/_composer_extra.jinja", context)
