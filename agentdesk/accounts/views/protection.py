from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from agentdesk.accounts.actions.protect_account import protect_account
from agentdesk.accounts.exceptions import SettingRefusedError
from agentdesk.accounts.models import ClientAccount
from agentdesk.accounts.step_up import stepped_up
from agentdesk.accounts.views.people import managing_people
from agentdesk.web.http import STATUS_INVALID, DeskRequest, toast


@require_POST
@managing_people
@stepped_up
def protection(request: DeskRequest, account: ClientAccount) -> HttpResponse:
    """The switch that asks all members of the account for two-step sign-in."""
    is_on = request.POST.get("sign_in_protection") == "on"
    context: dict[str, Any] = {"account": account}
    template = "accounts/people/_protection.html"
    try:
        protect_account(account, actor=request.user, is_on=is_on)
    except SettingRefusedError as refusal:
        context["refusal"] = refusal.message
        return render(request, template, context, status=STATUS_INVALID)
    return toast(render(request, template, context), _("Saved"))
