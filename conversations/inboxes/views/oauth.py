"""Letting Agentdesk in at a provider (Google, Microsoft, X): its sign-in page and back."""

import base64
import hashlib
import secrets

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from agentdesk.accounts.models import ClientAccount
from agentdesk.accounts.roles import Permission
from agentdesk.accounts.step_up import stepped_up
from agentdesk.web.http import DeskRequest, signed_in
from agentdesk.web.settings_pages import managing
from conversations.adapters.failures import SendError
from conversations.adapters.sign_in import SignInPage
from conversations.connections.connection import adapter_of, own_address
from conversations.inboxes.actions.store_sign_in import store_sign_in
from conversations.models import Inbox
from conversations.models.inbox import InboxQuerySet

_SESSION_KEY = "inbox_sign_in"


@require_GET
@managing(Permission.MANAGE_SETTINGS)
@stepped_up
def sign_in(request: DeskRequest, account: ClientAccount, pk: int) -> HttpResponse:
    """To the provider's page, with what proves afterwards that it was us who went."""
    inbox = get_object_or_404(_connected(), account=account, pk=pk)
    page = _page(inbox)
    verifier, state = secrets.token_urlsafe(64), secrets.token_urlsafe(32)
    request.session[_SESSION_KEY] = {"inbox": pk, "state": state, "verifier": verifier}
    digest = hashlib.sha256(verifier.encode()).digest()
    address = page.address(
        state=state,
        challenge=base64.urlsafe_b64encode(digest).decode().rstrip("="),
        redirect=_back(request),
    )
    return HttpResponseRedirect(address)


@require_GET
@signed_in
def signed_in_there(request: DeskRequest) -> HttpResponse:
    """Back from the provider's page; what we left with is spent, whatever it says."""
    begun = request.session.pop(_SESSION_KEY, None)
    state = request.GET.get("state", "")
    if begun is None or not constant_time_compare(begun["state"], state):
        raise Http404
    rows = _connected().visible_to(request.access)
    inbox = get_object_or_404(rows, pk=begun["inbox"])
    request.access.require(Permission.MANAGE_SETTINGS, inbox.account_id)
    try:
        given = _page(inbox).exchanged(
            request.GET.get("code", ""),
            verifier=begun["verifier"],
            redirect=_back(request),
        )
    except SendError as error:
        detail = error.detail or request.GET.get("error", "")
        text = _("The provider did not let us in: %(detail)s") % {"detail": detail}
        messages.error(request, text)
        return _to_its_page(inbox)
    if given.secrets:
        store_sign_in(inbox, given.secrets, actor=request.user)
    messages.success(request, _("%(inbox)s is signed in.") % {"inbox": inbox.name})
    return _to_its_page(inbox)


def _to_its_page(inbox: Inbox) -> HttpResponse:
    return redirect("settings_desk:inbox", slug=inbox.account.slug, pk=inbox.pk)


def _connected() -> InboxQuerySet:
    rows = Inbox.objects.select_related("connection", "account")
    return rows.filter(connection__isnull=False)


def _page(inbox: Inbox) -> SignInPage:
    """Of an inbox where somebody has to sign in."""
    page = adapter_of(inbox).sign_in
    if page is None:
        raise Http404
    return page


def _back(request: DeskRequest) -> str:
    """The address that an admin enters at the provider: the same for all inboxes."""
    path = reverse("settings_desk:inbox-signed-in")
    return (own_address() or request.build_absolute_uri("/").rstrip("/")) + path
