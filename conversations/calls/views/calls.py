"""The page of my calls and of what I have promised."""

import re
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from agentdesk.accounts.roles import Permission
from agentdesk.web.http import DeskRequest, signed_in, toast
from agentdesk.web.keyset import InvalidCursorError, page
from conversations.calls.selectors.calls import (
    ShownCall,
    my_calls,
    open_follow_ups,
    unknown_missed_calls,
)
from conversations.calls.selectors.context import call_topics
from conversations.inquiries.actions.follow_up import finish_follow_up, reopen_follow_up
from conversations.models import Call, FollowUp

_MAX_FOLLOW_UPS = 200
_PAGE = 30
_MOST_PAGES = 10


@signed_in
@require_GET
def calls(request: DeskRequest) -> HttpResponse:
    return render(request, "calls/calls.html", _context(request))


@signed_in
@require_GET
def shown_calls(request: DeskRequest) -> HttpResponse:
    """What the page is made of, after a call of theirs has changed."""
    return render(request, "calls/_calls.html", _context(request))


def _pages(request: DeskRequest) -> int:
    """How many the screen shows already: what was unfolded stays so."""
    counts = request.GET.getlist("pages")[:_MOST_PAGES]
    pages = sum(int(one) for one in counts if re.fullmatch(r"[0-9]{1,2}", one))
    return min(max(1, pages), _MOST_PAGES)


def _context(request: DeskRequest) -> dict[str, Any]:
    access = request.access
    pages = _pages(request)
    shown = page(my_calls(access), ("-rang_at", "-pk"), size=_PAGE * pages)
    return {
        "follow_ups": open_follow_ups(access)[:_MAX_FOLLOW_UPS],
        "missed": unknown_missed_calls(access),
        "calls": [_shown(call) for call in shown.rows],
        "next_cursor": shown.next_cursor,
        "is_several": len(access.shown_ids) > 1,
        "pages": pages,
        "topics": call_topics(access),
        "now": timezone.now(),
    }


@signed_in
@require_GET
def more_calls(request: DeskRequest) -> HttpResponse:
    try:
        shown = page(
            my_calls(request.access),
            ("-rang_at", "-pk"),
            cursor=request.GET.get("cursor", ""),
            size=_PAGE,
        )
    except InvalidCursorError as error:
        raise Http404 from error
    context = {
        "calls": [_shown(call) for call in shown.rows],
        "next_cursor": shown.next_cursor,
        "is_several": len(request.access.shown_ids) > 1,
    }
    return render(request, "calls/_call_rows.html", context)


def _shown(call: Call) -> ShownCall:
    return ShownCall(call, call.conversation.customer if call.conversation else None)


def _follow_up(request: DeskRequest, pk: int) -> FollowUp:
    follow_up = get_object_or_404(FollowUp.objects.visible_to(request.access), pk=pk)
    request.access.require(Permission.CALL, follow_up.account_id)
    return follow_up


@signed_in
@require_POST
def follow_up_done(request: DeskRequest, pk: int) -> HttpResponse:
    follow_up = finish_follow_up(_follow_up(request, pk), actor=request.user)
    return toast(_row(request, follow_up), _("Done."))


@signed_in
@require_POST
def follow_up_reopen(request: DeskRequest, pk: int) -> HttpResponse:
    follow_up = reopen_follow_up(_follow_up(request, pk), actor=request.user)
    return _row(request, follow_up)


def _row(request: DeskRequest, follow_up: FollowUp) -> HttpResponse:
    context = {
        "follow_up": follow_up,
        "is_several": len(request.access.shown_ids) > 1,
        "now": timezone.now(),
    }
    return render(request, "calls/_follow_up.html", context)
