"""What was promised in a call, as a card of the thread."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET, require_POST

from agentdesk.accounts.roles import Permission
from agentdesk.web.http import DeskRequest, signed_in
from conversations.inquiries.actions.follow_up import finish_follow_up, reopen_follow_up
from conversations.models import Conversation, FollowUp


@require_GET
@signed_in
def promise(request: DeskRequest, pk: int) -> HttpResponse:
    return _card(request, _visible(request, pk))


@require_POST
@signed_in
def promise_done(request: DeskRequest, pk: int) -> HttpResponse:
    return _card(request, finish_follow_up(_own(request, pk), actor=request.user))


@require_POST
@signed_in
def promise_reopen(request: DeskRequest, pk: int) -> HttpResponse:
    return _card(request, reopen_follow_up(_own(request, pk), actor=request.user))


def _visible(request: DeskRequest, pk: int) -> FollowUp:
    seen = Conversation.objects.visible_to(request.access)
    rows = FollowUp.objects.visible_to(request.access).filter(conversation__in=seen)
    return get_object_or_404(rows.select_related("owner__user"), pk=pk)


def _own(request: DeskRequest, pk: int) -> FollowUp:
    """Of an account where the member takes calls."""
    found = _visible(request, pk)
    request.access.require(Permission.CALL, found.account_id)
    return found


def _card(request: DeskRequest, found: FollowUp) -> HttpResponse:
    return render(request, "calls/_promise.jinja", {"promise": found})
