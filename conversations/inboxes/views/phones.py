from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from agentdesk.accounts.actions.change_extensions import change_extensions
from agentdesk.accounts.exceptions import SettingRefusedError
from agentdesk.accounts.forms.extensions import ExtensionsForm
from agentdesk.accounts.models import ClientAccount
from agentdesk.accounts.roles import Permission
from agentdesk.accounts.step_up import stepped_up
from agentdesk.web.http import STATUS_CONFLICT, STATUS_INVALID, DeskRequest, toast
from agentdesk.web.settings_pages import managing
from conversations.calls.selectors.trial_calls import trial_calls
from conversations.choices import Channel
from conversations.inboxes.actions.inbox import change_inbox, create_inbox
from conversations.inboxes.selectors.examples import call_example
from conversations.inboxes.selectors.page import state_control
from conversations.inboxes.views.keys import (
    key_fields,
    key_response,
    made_key,
    revoke_key_of,
)
from conversations.inquiries.forms.name import NameForm
from conversations.models import Inbox

_CARD = "inboxes/_phone.html"


def _inbox(account: ClientAccount, pk: int) -> Inbox:
    rows = Inbox.objects.select_related("account", "connection")
    return get_object_or_404(rows, account=account, channel=Channel.PHONE, pk=pk)


def _card(
    request: DeskRequest,
    inbox: Inbox,
    form: NameForm | None = None,
    new_key: str | None = None,
) -> dict[str, Any]:
    url = request.build_absolute_uri("/api/v1/calls/events")
    return {
        "account": inbox.account,
        "inbox": inbox,
        "control": state_control(inbox),
        "form": form
        or NameForm(initial={"name": inbox.name}, auto_id=f"phone-{inbox.pk}-%s"),
        "calls": trial_calls(inbox),
        **key_fields(inbox, new_key),
        "curl_example": call_example(url, new_key or ""),
        "curl_id": f"phone-{inbox.pk}-example",
    }


@require_GET
@managing(Permission.MANAGE_SETTINGS)
def phones(request: DeskRequest, account: ClientAccount) -> HttpResponse:
    inboxes = Inbox.objects.filter(account=account, channel=Channel.PHONE)
    inboxes = inboxes.select_related("account", "connection")
    context = {
        "account": account,
        "cards": [_card(request, inbox) for inbox in inboxes],
        "new_form": NameForm(),
        "extensions": ExtensionsForm(account),
    }
    return render(request, "inboxes/phones.html", context)


@require_POST
@managing(Permission.MANAGE_SETTINGS)
def create_phone(request: DeskRequest, account: ClientAccount) -> HttpResponse:
    """One more number. The answer is its card, and the form for the next one."""
    form = NameForm(request.POST)
    template = "inboxes/_new_phone_form.html"
    context: dict[str, Any] = {"account": account, "new_form": form}
    if form.is_valid():
        name = form.cleaned_data["name"]
        try:
            inbox = create_inbox(
                account, actor=request.user, channel=Channel.PHONE, name=name
            )
        except SettingRefusedError as refusal:
            form.add_error(refusal.field or None, refusal.message)
        else:
            context |= {"new_form": NameForm(), "card": _card(request, inbox)}
            return toast(render(request, template, context), _("Added"))
    return render(request, template, context, status=STATUS_INVALID)


@require_POST
@managing(Permission.MANAGE_SETTINGS)
def phone(request: DeskRequest, account: ClientAccount, pk: int) -> HttpResponse:
    inbox = _inbox(account, pk)
    form = NameForm(request.POST, auto_id=f"phone-{pk}-%s")
    if form.is_valid():
        try:
            change_inbox(inbox, actor=request.user, values=form.cleaned_data)
        except SettingRefusedError as refusal:
            form.add_error(refusal.field or None, refusal.message)
    if form.errors:
        context = _card(request, inbox, form)
        return render(request, _CARD, context, status=STATUS_INVALID)
    return toast(render(request, _CARD, _card(request, inbox)), _("Saved"))


@require_GET
@managing(Permission.MANAGE_SETTINGS)
def calls(request: DeskRequest, account: ClientAccount, pk: int) -> HttpResponse:
    """What came while it is tried."""
    inbox = _inbox(account, pk)
    context = {"account": account, "inbox": inbox, "calls": trial_calls(inbox)}
    return render(request, "inboxes/_trial_calls.html", context)


@require_POST
@managing(Permission.MANAGE_SETTINGS)
@stepped_up
def create_key(request: DeskRequest, account: ClientAccount, pk: int) -> HttpResponse:
    """A new key, told in this one answer and never again."""
    inbox = _inbox(account, pk)
    key, refused = made_key(request, inbox)
    return key_response(request, _CARD, _card(request, inbox, new_key=key), refused)


@require_POST
@managing(Permission.MANAGE_SETTINGS)
def revoke_key(
    request: DeskRequest, account: ClientAccount, pk: int, key_pk: int
) -> HttpResponse:
    inbox = _inbox(account, pk)
    revoke_key_of(request, inbox, key_pk)
    return toast(render(request, _CARD, _card(request, inbox)), _("Key revoked"))


@require_POST
@managing(Permission.MANAGE_SETTINGS)
def extensions(request: DeskRequest, account: ClientAccount) -> HttpResponse:
    form = ExtensionsForm(account, request.POST)
    template = "inboxes/_extensions_form.html"
    context = {"account": account, "extensions": form}
    if not form.is_valid():
        return render(request, template, context, status=STATUS_INVALID)
    try:
        change_extensions(account, actor=request.user, extensions=form.extensions)
    except SettingRefusedError as refusal:
        response = render(request, template, context, status=STATUS_CONFLICT)
        return toast(response, refusal.message, "danger")
    context = {"account": account, "extensions": ExtensionsForm(account)}
    return toast(render(request, template, context), _("Saved"))
