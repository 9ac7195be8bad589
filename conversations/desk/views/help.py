"""Help where one is: the words of the screen, and the first day."""

from urllib.parse import urlsplit

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from agentdesk.web.http import DeskRequest, signed_in
from conversations.desk.selectors import first_day as steps
from conversations.desk.selectors.help_words import words_of


@require_GET
@signed_in
def help_words(request: DeskRequest) -> HttpResponse:
    """What the words of the screen mean that asks (the header of htmx says which)."""
    path = urlsplit(request.headers.get("HX-Current-URL", "")).path
    return render(request, "desk/help/_words.jinja", {"words": words_of(path)})


@require_GET
@signed_in
def first_day(request: DeskRequest) -> HttpResponse:
    context = {
        "first_day": steps.first_day(request.access),
        "is_hidden": request.user.hides_first_day,
    }
    return render(request, "desk/help/_first_day.jinja", context)
