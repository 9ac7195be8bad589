from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET

from agentdesk.web.http import signed_in


@require_GET
@signed_in
def front(request: HttpRequest) -> HttpResponse:
    """The address people remember leads to the desk, or to sign-in."""
    return redirect("desk:home")
