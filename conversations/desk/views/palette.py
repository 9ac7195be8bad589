"""Search of the command palette (Ctrl/⌘ K)."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from agentdesk.web.http import DeskRequest, signed_in
from conversations.desk.selectors.palette import palette_hits

LONGEST = 60


@signed_in
@require_GET
def palette(request: DeskRequest) -> HttpResponse:
    query = request.GET.get("q", "").replace("\0", "").strip()[:LONGEST]
    context = {
        "hits": palette_hits(request.access, query) if query else [],
        "shows_account": len(request.access.shown_ids) > 1,
    }
    return render(request, "desk/_palette_options.jinja", context)
