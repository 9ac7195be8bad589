"""Helping a member back in, and out: from the people page."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from agentdesk.accounts.actions.sign_out_everywhere import sign_out_everywhere
from agentdesk.accounts.actions.vouch import (
    issue_reset_link,
    may_vouch_for,
    remove_second_step,
)
from agentdesk.accounts.models import ClientAccount
from agentdesk.accounts.step_up import stepped_up
from agentdesk.accounts.views.people import done, managing_people, member_of
from agentdesk.web.http import DeskRequest, public_address


@require_GET
@managing_people
def help_in(request: DeskRequest, account: ClientAccount, pk: int) -> HttpResponse:
    """What can be done for a member who cannot sign in, in a dialog."""
    row = member_of(account, pk)
    context = {
        "account": account,
        "member": row,
        "may_vouch": may_vouch_for(request.access, row.user),
    }
    return render(request, "accounts/people/_help.html", context)


@require_POST
@managing_people
@stepped_up
def reset_link(request: DeskRequest, account: ClientAccount, pk: int) -> HttpResponse:
    row = member_of(account, pk)
    link = issue_reset_link(row, access=request.access)
    context = {
        "link": public_address(request, link),
        "title": _("The link is ready"),
        "note": _("Hand it to %(name)s. It works once, within a day.")
        % {"name": row.user.name},
    }
    return render(request, "accounts/people/_link.html", context)


@require_POST
@managing_people
@stepped_up
def second_step(request: DeskRequest, account: ClientAccount, pk: int) -> HttpResponse:
    row = member_of(account, pk)
    remove_second_step(row, access=request.access)
    return done(_("%(name)s signs in by password alone now.") % {"name": row.user.name})


@require_POST
@managing_people
def sign_out(request: DeskRequest, account: ClientAccount, pk: int) -> HttpResponse:
    row = member_of(account, pk)
    sign_out_everywhere(row.user, actor=request.user)
    return done(_("%(name)s is signed out everywhere.") % {"name": row.user.name})
