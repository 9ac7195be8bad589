"""Keys with which a client company's own systems speak to one inbox."""

from typing import Any
from uuid import UUID, uuid4

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from agentdesk.accounts.exceptions import SettingRefusedError
from agentdesk.accounts.models import ClientAccount
from agentdesk.accounts.roles import Permission
from agentdesk.accounts.step_up import stepped_up
from agentdesk.web.http import STATUS_CONFLICT, DeskRequest, toast
from agentdesk.web.settings_pages import managing
from conversations.adapters.registry import ADAPTERS
from conversations.inboxes.actions.api_key import create_api_key, revoke_api_key
from conversations.inboxes.selectors.examples import link_example
from conversations.models import Inbox, InboxApiKey

_REGION = "inboxes/_inbox_keys.html"


def keys_context(
    request: DeskRequest, inbox: Inbox, new_key: str | None = None
) -> dict[str, Any]:
    """Empty for an inbox that nobody's systems speak to."""
    if not ADAPTERS[inbox.channel].capabilities.links_accounts:
        return {}
    url = request.build_absolute_uri("/api/v1/line/nonce")
    return {
        "account": inbox.account,
        "inbox": inbox,
        **key_fields(inbox, new_key),
        "curl_example": link_example(url, new_key or ""),
    }


def key_fields(inbox: Inbox, new_key: str | None) -> dict[str, Any]:
    """What the list of keys shows, with the form for another one."""
    return {
        "keys": list(inbox.api_keys.all()),
        "client_id": uuid4(),
        "new_key": new_key,
    }


def made_key(request: DeskRequest, inbox: Inbox) -> tuple[str | None, str]:
    """The key that the form has made, or why it has made none."""
    try:
        client_id = UUID(request.POST.get("client_id", ""))
        key = create_api_key(inbox, actor=request.user, client_id=client_id)
    except ValueError:
        return None, _("The form was incomplete. Please try again.")
    except SettingRefusedError as refusal:
        return None, refusal.message
    return key, "" if key else _("This key was already made. Its text is not kept.")


def revoke_key_of(request: DeskRequest, inbox: Inbox, pk: int) -> None:
    """Raises Http404."""
    key = get_object_or_404(InboxApiKey, inbox=inbox, pk=pk)
    revoke_api_key(key, actor=request.user)


def key_response(
    request: DeskRequest, template: str, context: dict[str, Any], refused: str
) -> HttpResponse:
    """The region with the new key, which no browser keeps; or why there is none."""
    if refused:
        response = render(request, template, context, status=STATUS_CONFLICT)
        return toast(response, refused, "danger")
    response = render(request, template, context)
    response.headers["Cache-Control"] = "no-store"
    return response


@require_POST
@managing(Permission.MANAGE_SETTINGS)
@stepped_up
def create(request: DeskRequest, account: ClientAccount, pk: int) -> HttpResponse:
    """A new key, told in this one answer and never again."""
    inbox = _inbox(account, pk)
    key, refused = made_key(request, inbox)
    return key_response(request, _REGION, keys_context(request, inbox, key), refused)


@require_POST
@managing(Permission.MANAGE_SETTINGS)
def revoke(
    request: DeskRequest, account: ClientAccount, pk: int, key_pk: int
) -> HttpResponse:
    inbox = _inbox(account, pk)
    revoke_key_of(request, inbox, key_pk)
    response = render(request, _REGION, keys_context(request, inbox))
    return toast(response, _("Key revoked"))


def _inbox(account: ClientAccount, pk: int) -> Inbox:
    rows = Inbox.objects.select_related("account")
    inbox = get_object_or_404(rows, account=account, pk=pk)
    if not ADAPTERS[inbox.channel].capabilities.links_accounts:
        raise Http404
    return inbox
