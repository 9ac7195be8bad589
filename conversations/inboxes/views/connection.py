"""The steps that connect one inbox to its provider, each with an address of its own."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from agentdesk.accounts.models import ClientAccount
from agentdesk.accounts.roles import Permission
from agentdesk.accounts.step_up import stepped_up
from agentdesk.crypto import UnsealError
from agentdesk.jobs.queueing import enqueue
from agentdesk.web.http import (
    STATUS_CONFLICT,
    STATUS_INVALID,
    STATUS_UNCHANGED,
    DeskRequest,
    toast,
)
from agentdesk.web.settings_pages import managing
from conversations.adapters.failures import NotOfferedError
from conversations.adapters.registry import ADAPTERS
from conversations.connections.connection import webhook_address
from conversations.connections.tasks import refresh_quota
from conversations.inboxes.actions.check_connection import check_connection
from conversations.inboxes.actions.connect import (
    forget_earlier_secrets,
    read_secrets,
    save_connection,
)
from conversations.inboxes.forms.connection import ConnectionForm
from conversations.inboxes.selectors.overview import refusals_of
from conversations.inboxes.selectors.page import state_control
from conversations.inboxes.selectors.progress import progress_of
from conversations.inboxes.selectors.sandbox import sandbox_conversations, seen_of
from conversations.inboxes.selectors.sign_in import sign_in_of
from conversations.inboxes.selectors.trouble import troubles_of
from conversations.inboxes.selectors.version import steps_version
from conversations.models import Inbox

_STEPS = "inboxes/steps"


def connected_inbox(account: ClientAccount, pk: int) -> Inbox:
    rows = Inbox.objects.select_related("account", "connection", "queue")
    return get_object_or_404(rows, account=account, pk=pk, connection__isnull=False)


def steps_context(inbox: Inbox, form: ConnectionForm | None = None) -> dict[str, Any]:
    """All that any of the steps shows, read anew."""
    connection = inbox.connection
    until = connection.earlier_until
    troubles = troubles_of(inbox)
    tests = sandbox_conversations(inbox)
    seen = seen_of(inbox, tests)
    refusals = refusals_of(inbox)
    return {
        "account": inbox.account,
        "inbox": inbox,
        "connection": connection,
        "can": ADAPTERS[inbox.channel].capabilities,
        "progress": progress_of(inbox),
        "form": form or _form(inbox),
        "guide": f"{inbox.channel}/guide.html",
        "kind": connection.settings.get("kind", ""),
        "webhook": webhook_address(inbox),
        "webhook_secret": "webhook_secret" in (form or _form(inbox)).fields,
        "sign_in": sign_in_of(inbox),
        "earlier_until": until if until and until > timezone.now() else None,
        "control": state_control(inbox),
        "failed": [one for one in troubles if one.code == connection.trouble],
        "troubles": [
            one for one in troubles if one.code not in {"half", connection.trouble}
        ],
        "tests": tests,
        "seen": seen,
        "refusals": refusals,
        "version": steps_version(inbox, seen, refusals),
    }


def _form(
    inbox: Inbox, data: Any = None, *, typed: dict[str, str] | None = None
) -> ConnectionForm:
    connection = inbox.connection
    try:
        stored = frozenset(
            name for name, one in read_secrets(connection).items() if one
        )
    except UnsealError:
        stored = frozenset()
    settings = {name: str(value) for name, value in connection.settings.items()}
    fields = tuple(ADAPTERS[inbox.channel].fields)
    return ConnectionForm(
        fields, data, settings={**settings, **(typed or {})}, stored=stored
    )


def _step(
    request: DeskRequest,
    inbox: Inbox,
    step: str,
    *,
    form: ConnectionForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """One step, and beside it what follows from it elsewhere on the page."""
    context = steps_context(inbox, form) | {"step": f"{_STEPS}/_{step}.html"}
    context["is_saved"] = step == "connection" and form is None
    return render(request, f"{_STEPS}/_answer.html", context, status=status)


@require_POST
@managing(Permission.MANAGE_SETTINGS)
@stepped_up
def connection(request: DeskRequest, account: ClientAccount, pk: int) -> HttpResponse:
    """Keep what was pasted. Secrets are never in an answer."""
    inbox = connected_inbox(account, pk)
    form = _form(inbox, request.POST)
    if not form.is_valid():
        return _step(request, inbox, "connection", form=form, status=STATUS_INVALID)
    save_connection(
        inbox, actor=request.user, settings=form.settings, secrets=form.secrets
    )
    inbox = connected_inbox(account, pk)
    return toast(_step(request, inbox, "connection"), _("Saved"))


@require_POST
@managing(Permission.MANAGE_SETTINGS)
def shape(request: DeskRequest, account: ClientAccount, pk: int) -> HttpResponse:
    """The form anew, for the kind that was just chosen; nothing is kept."""
    inbox = connected_inbox(account, pk)
    fields = ADAPTERS[inbox.channel].fields
    typed = {
        one.name: request.POST[one.name]
        for one in fields
        if not one.is_secret and one.name in request.POST
    }
    context = steps_context(inbox, _form(inbox, typed=typed))
    return render(request, f"{_STEPS}/_connection.html", context)


@require_POST
@managing(Permission.MANAGE_SETTINGS)
def field(request: DeskRequest, account: ClientAccount, pk: int) -> HttpResponse:
    """What is wrong with one value while it is being typed; it is not in the answer."""
    inbox = connected_inbox(account, pk)
    name = request.GET.get("name", "")
    typed = request.POST.get(name, "")
    form = _form(inbox, request.POST)
    wrong = form.check_one(name, typed)
    is_well = bool(typed.strip()) and not wrong and name in form.fields
    context = {"name": name, "wrong": wrong, "is_well": is_well}
    return render(request, f"{_STEPS}/_typed.html", context)


@require_POST
@managing(Permission.MANAGE_SETTINGS)
def forget_earlier(
    request: DeskRequest, account: ClientAccount, pk: int
) -> HttpResponse:
    inbox = connected_inbox(account, pk)
    forget_earlier_secrets(inbox, actor=request.user)
    inbox = connected_inbox(account, pk)
    response = _step(request, inbox, "connection")
    return toast(response, _("The earlier secrets are void now."))


@require_GET
@managing(Permission.MANAGE_SETTINGS)
def steps(request: DeskRequest, account: ClientAccount, pk: int) -> HttpResponse:
    """All steps as another tab, another admin or the provider has left them."""
    context = steps_context(connected_inbox(account, pk))
    if request.GET.get("seen") == context["version"]:
        return HttpResponse(status=STATUS_UNCHANGED)
    return render(request, f"{_STEPS}/_followed.html", context)


@require_GET
@managing(Permission.MANAGE_SETTINGS)
def arrival(request: DeskRequest, account: ClientAccount, pk: int) -> HttpResponse:
    """Whether the provider has found us; asked again and again while one waits."""
    inbox = connected_inbox(account, pk)
    is_seen = request.GET.get("refused", "0") == str(refusals_of(inbox))
    if inbox.connection.tested_at is None and is_seen:
        return HttpResponse(status=STATUS_UNCHANGED)
    return _step(request, inbox, "webhook")


@require_POST
@managing(Permission.MANAGE_SETTINGS)
def check(request: DeskRequest, account: ClientAccount, pk: int) -> HttpResponse:
    """Call the provider with what is set, and tell what it says."""
    inbox = connected_inbox(account, pk)
    missing = progress_of(inbox).missing
    is_well = False
    if not missing:
        try:
            is_well = check_connection(inbox, actor=request.user)
        except NotOfferedError:
            return HttpResponse(status=STATUS_CONFLICT)
    if is_well and ADAPTERS[inbox.channel].capabilities.has_quota:
        enqueue(refresh_quota, inbox.pk)
    inbox = connected_inbox(account, pk)
    response = _step(request, inbox, "check")
    text = _("The connection works.") if is_well else _("There is something to do.")
    return toast(response, text, "success" if is_well else "danger")


@require_GET
@managing(Permission.MANAGE_SETTINGS)
def sandbox(request: DeskRequest, account: ClientAccount, pk: int) -> HttpResponse:
    """The test conversations, read again while the inbox is tested."""
    inbox = connected_inbox(account, pk)
    if request.GET.get("seen") == seen_of(inbox, sandbox_conversations(inbox)):
        return HttpResponse(status=STATUS_UNCHANGED)
    return _step(request, inbox, "sandbox")
