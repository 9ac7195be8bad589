"""First run: the one-time link makes the first admin and the first client company."""

from allauth.account.adapter import get_adapter
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import (
    require_GET,
    require_http_methods,
    require_safe,
)

from agentdesk.accounts.exceptions import SettingRefusedError
from agentdesk.accounts.invitations import invitation_of
from agentdesk.accounts.models import Invitation, User
from agentdesk.accounts.opened_link import (
    exchange_link,
    forget_link,
    opened_invitation,
)
from agentdesk.accounts.roles import Permission
from agentdesk.web.http import STATUS_INVALID, DeskRequest, signed_in
from conversations.choices import Channel
from conversations.models import Inbox
from conversations.setup.actions.set_up import FirstAdmin, FirstCompany, set_up
from conversations.setup.forms.set_up import AdminForm, CompanyForm, initial_company
from conversations.webchat.selectors.webchat import embed_line


@never_cache
@require_safe
def open_link(request: HttpRequest, token: str) -> HttpResponse:
    invitation = invitation_of(token)
    if invitation is None or invitation.account is not None:
        return render(request, "setup/spent.html", status=404)
    return exchange_link(invitation, "setup:begin")


@never_cache
@sensitive_post_parameters("admin-password")
@require_http_methods(["GET", "POST"])
def setup(request: HttpRequest) -> HttpResponse:
    invitation = opened_invitation(request)
    if invitation is None or not _is_for_first_run(invitation):
        return render(request, "setup/spent.html", status=410)
    language = "en" if get_language() == "en" else "ja"
    if request.method == "GET":
        forms = AdminForm(), CompanyForm(initial=initial_company(language))
        return _page(request, *forms, status=200)
    admin, company = AdminForm(request.POST), CompanyForm(request.POST)
    if not (admin.is_valid() & company.is_valid()):
        return _page(request, admin, company, status=STATUS_INVALID)
    try:
        user = _set_up(invitation, admin, company, language)
    except SettingRefusedError:
        return render(request, "setup/spent.html", status=410)
    get_adapter(request).login(request, user)
    return forget_link(redirect("setup:done"))


def _is_for_first_run(invitation: Invitation) -> bool:
    is_usable = invitation.account is None and invitation.is_open
    return is_usable and not User.objects.exists()


def _set_up(
    invitation: Invitation, admin: AdminForm, company: CompanyForm, language: str
) -> User:
    user, _account = set_up(
        invitation,
        admin=FirstAdmin(**admin.cleaned_data, language=language),
        company=FirstCompany(**company.cleaned_data),
    )
    return user


def _page(
    request: HttpRequest, admin: AdminForm, company: CompanyForm, *, status: int
) -> HttpResponse:
    context = {"admin": admin, "company": company}
    return render(request, "setup/setup.html", context, status=status)


@require_GET
@signed_in
def done(request: DeskRequest) -> HttpResponse:
    """The line of script that puts the chat on the shop's site."""
    chats = (
        Inbox.objects.visible_to(request.access)
        .filter(channel=Channel.WEBCHAT, webchat__isnull=False)
        .select_related("account", "webchat")
        .order_by("pk")
    )
    inbox = chats.first()
    if inbox is None:
        raise Http404
    request.access.require(Permission.MANAGE_SETTINGS, inbox.account_id)
    line = embed_line(inbox, f"{request.scheme}://{request.get_host()}")
    context = {"inbox": inbox, "account": inbox.account, "line": line}
    return render(request, "setup/done.html", context)
