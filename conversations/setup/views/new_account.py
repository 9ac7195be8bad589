from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import render, resolve_url
from django.utils.translation import get_language
from django.views.decorators.http import require_GET, require_http_methods
from django_htmx.http import HttpResponseClientRedirect

from agentdesk.accounts.exceptions import SettingRefusedError
from agentdesk.accounts.roles import Permission
from agentdesk.accounts.slugs import free_slug
from agentdesk.web.http import STATUS_INVALID, DeskRequest, signed_in
from conversations.setup.actions.open_account import open_account
from conversations.setup.forms.new_account import NewAccountForm


def _require_admin(request: DeskRequest) -> None:
    if not request.access.allows_anywhere(Permission.MANAGE_SETTINGS):
        raise PermissionDenied


@require_http_methods(["GET", "POST"])
@signed_in
def new_account(request: DeskRequest) -> HttpResponse:
    """An admin of any client company may open another."""
    _require_admin(request)
    if request.method == "GET":
        language = "en" if (get_language() or "ja").startswith("en") else "ja"
        form = NewAccountForm(
            initial={
                "colour": "teal",
                "locale": language,
                "time_zone": request.user.time_zone,
                "phone_region": "JP",
            }
        )
        context = {"form": form}
        return render(request, "setup/new_account.html", context)
    form = NewAccountForm(request.POST)
    if form.is_valid():
        try:
            account = open_account(actor=request.user, **form.cleaned_data)
        except SettingRefusedError as refusal:
            form.add_error(refusal.field, refusal.message)
        else:
            url = resolve_url("settings:general", slug=account.slug)
            return HttpResponseClientRedirect(url)
    template = "setup/_new_account_form.html"
    return render(request, template, {"form": form}, status=STATUS_INVALID)


@require_GET
@signed_in
def suggest_slug(request: DeskRequest) -> HttpResponse:
    """The field for the short name, filled from the name while it is empty."""
    _require_admin(request)
    typed = request.GET.get("slug", "").strip()
    name = request.GET.get("name", "").strip()[:100]
    form = NewAccountForm(initial={"slug": typed or (free_slug(name) if name else "")})
    return HttpResponse(form["slug"].as_field_group())
