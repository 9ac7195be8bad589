"""The members of one account, and the links that invite more."""

from typing import Any

from allauth.mfa.models import Authenticator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django_htmx.http import trigger_client_event

from agentdesk.accounts.actions.change_member import (
    change_member,
    deactivate_member,
    reactivate_member,
)
from agentdesk.accounts.actions.invite import (
    invite,
    mail_invitation,
    revoke_invitation,
)
from agentdesk.accounts.exceptions import SettingRefusedError
from agentdesk.accounts.forms.people import DeactivateForm, InviteForm, MemberForm
from agentdesk.accounts.handover import open_work
from agentdesk.accounts.models import ClientAccount, Invitation, Membership
from agentdesk.accounts.roles import Permission
from agentdesk.accounts.step_up import stepped_up
from agentdesk.web.http import STATUS_INVALID, DeskRequest, public_address, toast
from agentdesk.web.settings_pages import managing

managing_people = managing(Permission.MANAGE_PEOPLE)


@require_GET
@managing_people
def people(request: DeskRequest, account: ClientAccount) -> HttpResponse:
    context = _lists(account) | {"invite_form": InviteForm()}
    return render(request, "accounts/people/people.html", context)


@require_GET
@managing_people
def lists(request: DeskRequest, account: ClientAccount) -> HttpResponse:
    """The tables of the page, re-read after each change."""
    return render(request, "accounts/people/_lists.html", _lists(account))


def _lists(account: ClientAccount) -> dict[str, Any]:
    members = list(
        Membership.objects.of_account(account)
        .select_related("user")
        .order_by("-is_active", "user__family_name", "user__given_name", "pk")
    )
    protected = set(
        Authenticator.objects.filter(user__in=[member.user_id for member in members])
        .exclude(type=Authenticator.Type.RECOVERY_CODES)
        .values_list("user_id", flat=True)
    )
    invitations = Invitation.objects.filter(
        account=account,
        accepted_at=None,
        revoked_at=None,
        expires_at__gt=timezone.now(),
    ).select_related("invited_by")
    return {
        "account": account,
        "members": [(member, member.user_id in protected) for member in members],
        "invitations": invitations,
    }


def member_of(account: ClientAccount, pk: int) -> Membership:
    rows = Membership.objects.of_account(account).select_related("user", "account")
    return get_object_or_404(rows, pk=pk)


def done(text: str) -> HttpResponse:
    """Close the dialog, re-read the tables, say what has happened."""
    return changed(trigger_client_event(HttpResponse(status=204), "close-dialog"), text)


def changed(response: HttpResponse, text: str) -> HttpResponse:
    return toast(trigger_client_event(response, "people-changed"), text)


@require_POST
@managing_people
@stepped_up
def invite_member(request: DeskRequest, account: ClientAccount) -> HttpResponse:
    form = InviteForm(request.POST)
    if not form.is_valid():
        context = {"account": account, "invite_form": form}
        return render(
            request, "accounts/people/_invite.html", context, status=STATUS_INVALID
        )
    invitation, token = invite(account, actor=request.user, **form.cleaned_data)
    link = public_address(request, reverse("accounts:invitation", args=[token]))
    context = {
        "account": account,
        "invite_form": InviteForm(),
        "link": link,
        "title": _("The link is ready"),
        "note": _("It works once, for 7 days, and is shown only now."),
        "is_mailed": mail_invitation(invitation, link),
    }
    response = render(request, "accounts/people/_invite.html", context)
    return trigger_client_event(response, "people-changed")


@require_POST
@managing_people
def revoke(request: DeskRequest, account: ClientAccount, pk: int) -> HttpResponse:
    row = get_object_or_404(Invitation, account=account, pk=pk)
    try:
        revoke_invitation(row, actor=request.user)
    except SettingRefusedError as refusal:
        return toast(HttpResponse(status=204), refusal.message, "danger")
    return done(_("The link no longer works."))


@require_http_methods(["GET", "POST"])
@managing_people
def member(request: DeskRequest, account: ClientAccount, pk: int) -> HttpResponse:
    """Role, extension and reading, in a dialog."""
    row = member_of(account, pk)
    form = MemberForm(request.POST or None, initial=MemberForm.values_of(row))
    if request.method == "POST" and form.is_valid():
        try:
            change_member(row, actor=request.user, **form.cleaned_data)
        except SettingRefusedError as refusal:
            form.add_error(refusal.field or None, refusal.message)
        else:
            return done(_("Saved"))
    context = {"account": account, "member": row, "form": form}
    status = STATUS_INVALID if form.is_bound else 200
    return render(request, "accounts/people/_member.html", context, status=status)


@require_http_methods(["GET", "POST"])
@managing_people
def deactivate(request: DeskRequest, account: ClientAccount, pk: int) -> HttpResponse:
    """Who takes their open work, in a dialog; then the account is closed to them."""
    row = member_of(account, pk)
    form = DeactivateForm(request.POST or None, member=row)
    if request.method == "POST":
        form = DeactivateForm(request.POST, member=row)
        if form.is_valid():
            try:
                deactivate_member(row, actor=request.user, **form.cleaned_data)
            except SettingRefusedError as refusal:
                form.add_error(
                    refusal.field if refusal.field in form.fields else None,
                    refusal.message,
                )
            else:
                return done(_("%(name)s is deactivated.") % {"name": row.user.name})
    context = {"account": account, "member": row, "form": form, "work": open_work(row)}
    status = STATUS_INVALID if form.is_bound else 200
    return render(request, "accounts/people/_deactivate.html", context, status=status)


@require_POST
@managing_people
def reactivate(request: DeskRequest, account: ClientAccount, pk: int) -> HttpResponse:
    row = reactivate_member(member_of(account, pk), actor=request.user)
    return done(_("%(name)s is active again.") % {"name": row.user.name})
