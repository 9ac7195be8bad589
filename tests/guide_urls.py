"""The style guide mounted as in the demo, and answers for the scripts to deal with."""

from django.http import HttpRequest, HttpResponse
from django.urls import include, path
from django.views.decorators.csrf import csrf_exempt

from agentdesk.web.views.styleguide import styleguide


@csrf_exempt
def answer(request: HttpRequest, status: int) -> HttpResponse:
    return HttpResponse(f"<p>answer {status}</p>", status=status)


urlpatterns = [
    path("styleguide/<slug:page>/", styleguide),
    path("lab/<int:status>/", answer),
    path("", include("agentdesk.urls")),
]
