from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render, resolve_url
from django.utils.translation import gettext as _
from django.views.decorators.http import (
    require_GET,
    require_http_methods,
    require_POST,
)
from django_htmx.http import HttpResponseClientRedirect

from agentdesk.accounts.exceptions import SettingRefusedError
from agentdesk.accounts.models import ClientAccount
from agentdesk.accounts.roles import Permission
from agentdesk.accounts.step_up import stepped_up
from agentdesk.web.http import STATUS_CONFLICT, STATUS_INVALID, DeskRequest, toast
from agentdesk.web.settings_pages import managing
from conversations.choices import Channel
from conversations.inboxes.actions.inbox import (
    change_inbox,
    create_inbox,
    rotate_identity_secret,
    secret_version,
)
from conversations.inboxes.forms.webchat import WebChatForm, initial_of
from conversations.inboxes.selectors.examples import signing_example
from conversations.inboxes.selectors.page import state_control
from conversations.inboxes.selectors.sandbox import sandbox_conversations, seen_of
from conversations.inquiries.forms.name import NameForm
from conversations.models import Inbox
from conversations.webchat.selectors.webchat import content_security_policy, embed_line


def _list(account: ClientAccount, form: NameForm) -> dict[str, Any]:
    rows = Inbox.objects.filter(account=account, channel=Channel.WEBCHAT)
    return {
        "account": account,
        "inboxes": rows.select_related("webchat"),
        "form": form,
    }


def _inbox(account: ClientAccount, pk: int) -> Inbox:
    rows = Inbox.objects.select_related("webchat", "account", "connection")
    return get_object_or_404(rows, account=account, channel=Channel.WEBCHAT, pk=pk)


@require_http_methods(["GET", "POST"])
@managing(Permission.MANAGE_SETTINGS)
def webchats(request: DeskRequest, account: ClientAccount) -> HttpResponse:
    """All web chats of the account; POST creates one and leads to it."""
    if request.method == "GET":
        context = _list(account, NameForm())
        return render(request, "inboxes/webchats.html", context)
    form = NameForm(request.POST)
    if form.is_valid():
        try:
            inbox = create_inbox(
                account,
                actor=request.user,
                channel=Channel.WEBCHAT,
                name=form.cleaned_data["name"],
            )
        except SettingRefusedError as refusal:
            form.add_error(refusal.field or None, refusal.message)
        else:
            url = resolve_url("settings_desk:webchat", slug=account.slug, pk=inbox.pk)
            return HttpResponseClientRedirect(url)
    template = "inboxes/_new_webchat_form.html"
    return render(request, template, _list(account, form), status=STATUS_INVALID)


def _webchat(
    request: DeskRequest, inbox: Inbox, form: WebChatForm | None = None
) -> dict[str, Any]:
    origin = f"{request.scheme}://{request.get_host()}"
    line = embed_line(inbox, origin)
    return {
        "account": inbox.account,
        "inbox": inbox,
        "control": state_control(inbox),
        "form": form or WebChatForm(initial=initial_of(inbox)),
        "embed_line": line,
        "policy": content_security_policy(origin),
        "signing_example": signing_example(line),
        "secret_version": secret_version(inbox),
        **_tests(inbox),
    }


def _tests(inbox: Inbox) -> dict[str, Any]:
    tests = sandbox_conversations(inbox)
    return {
        "account": inbox.account,
        "inbox": inbox,
        "tests": tests,
        "seen": seen_of(inbox, tests),
    }


@require_GET
@managing(Permission.MANAGE_SETTINGS)
def sandbox(request: DeskRequest, account: ClientAccount, pk: int) -> HttpResponse:
    """The test conversations, read again while the chat is tested."""
    inbox = _inbox(account, pk)
    context = _tests(inbox)
    if request.GET.get("seen") == context["seen"]:
        return HttpResponse(status=204)
    return render(request, "inboxes/_webchat_sandbox.html", context)


@require_http_methods(["GET", "POST"])
@managing(Permission.MANAGE_SETTINGS)
def webchat(request: DeskRequest, account: ClientAccount, pk: int) -> HttpResponse:
    inbox = _inbox(account, pk)
    if request.method == "GET":
        context = _webchat(request, inbox)
        return render(request, "inboxes/webchat.html", context)
    form = WebChatForm(request.POST)
    template = "inboxes/_webchat_form.html"
    if form.is_valid():
        try:
            change_inbox(inbox, actor=request.user, values=form.cleaned_data)
        except SettingRefusedError as refusal:
            form.add_error(refusal.field or None, refusal.message)
    if form.errors:
        context = _webchat(request, inbox, form)
        return render(request, template, context, status=STATUS_INVALID)
    context = _webchat(request, _inbox(account, pk))
    return toast(render(request, template, context), _("Saved"))


@require_POST
@managing(Permission.MANAGE_SETTINGS)
@stepped_up
def rotate_secret(
    request: DeskRequest, account: ClientAccount, pk: int
) -> HttpResponse:
    """A new identity secret, told in this one answer and never again."""
    inbox = _inbox(account, pk)
    version = request.POST.get("version", "")
    secret = rotate_identity_secret(inbox, actor=request.user, version=version)
    context = _webchat(request, _inbox(account, pk))
    template = "inboxes/_webchat_secret.html"
    if secret is None:
        response = render(request, template, context, status=STATUS_CONFLICT)
        return toast(response, _("Somebody has just renewed the secret."), "info")
    example = signing_example(context["embed_line"], secret)
    context |= {"secret": secret, "signing_example": example}
    response = render(request, template, context)
    response.headers["Cache-Control"] = "no-store"
    return response
