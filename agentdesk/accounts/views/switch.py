from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from agentdesk.accounts.middleware import SELECTED_ACCOUNT
from agentdesk.web.http import DeskRequest, signed_in


def own_address(request: HttpRequest, default: str = "/") -> str:
    """The page that a form asks to return to, never one of another host."""
    address = request.POST.get("next") or request.GET.get("next") or default
    is_own = url_has_allowed_host_and_scheme(
        address, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    # Without the slash it would be looked up as the name of a page.
    return address if is_own and address.startswith("/") else default


@require_POST
@signed_in
def switch(request: DeskRequest) -> HttpResponse:
    """Look at one account, or (empty) at all of one's own."""
    slug = request.POST.get("account", "")
    if slug and slug not in {account.slug for account in request.access.accounts}:
        raise Http404
    request.session[SELECTED_ACCOUNT] = slug
    return redirect(own_address(request))
