"""Notifications on this device: a browser subscribes, and takes it back."""

from django.http import HttpResponse
from django.views.decorators.http import require_POST

from agentdesk.accounts.actions.subscribe_push import subscribe_push, unsubscribe_push
from agentdesk.accounts.forms.push import PushForm
from agentdesk.web.http import STATUS_INVALID, DeskRequest, signed_in


@require_POST
@signed_in
def subscribe(request: DeskRequest) -> HttpResponse:
    form = PushForm(request.POST)
    if not form.is_valid() or not request.session.session_key:
        return HttpResponse(status=STATUS_INVALID)
    subscribe_push(
        request.user, session_key=request.session.session_key, **form.cleaned_data
    )
    return HttpResponse(status=204)


@require_POST
@signed_in
def unsubscribe(request: DeskRequest) -> HttpResponse:
    unsubscribe_push(request.user, endpoint=request.POST.get("endpoint", ""))
    return HttpResponse(status=204)
