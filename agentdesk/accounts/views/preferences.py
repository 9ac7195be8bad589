from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from agentdesk.accounts.actions.edit_profile import edit_profile
from agentdesk.accounts.forms.preferences import PreferenceForm
from agentdesk.accounts.views.switch import own_address
from agentdesk.web.http import STATUS_INVALID, DeskRequest, signed_in


@require_POST
@signed_in
def preferences(request: DeskRequest) -> HttpResponse:
    """A switch of the user menu: language, theme, density, sounds, desktop notifications."""
    form = PreferenceForm(request.POST.dict(), instance=request.user)
    if not form.is_valid():
        return HttpResponse(status=STATUS_INVALID)
    edit_profile(request.user, actor=request.user, values=form.cleaned_data)
    if "next" in request.POST:
        return redirect(own_address(request))
    return HttpResponse(status=204)
