"""The strip of the running call, and what rings: fragments, and what is done with them."""

from collections.abc import Callable

from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django_htmx.http import reswap, retarget

from agentdesk.accounts.models import Membership
from agentdesk.accounts.roles import Permission
from agentdesk.web.http import (
    STATUS_CONFLICT,
    STATUS_INVALID,
    DeskRequest,
    signed_in,
    toast,
)
from conversations.calls.actions import bind_number as binding
from conversations.calls.actions import call as calls
from conversations.calls.actions.wrap_up import (
    DraftConflictError,
    finish_call,
    save_draft,
    save_wrap_up,
)
from conversations.calls.forms import ChoiceForm, DraftForm, WrapUpDraftForm, WrapUpForm
from conversations.calls.selectors.context import (
    head_context,
    notes_context,
    rings_context,
    strip_context,
)
from conversations.calls.views.call_box import to_conversation
from conversations.contents.call_lines import CallLines
from conversations.exceptions import RefusalError
from conversations.models import Call
from customers.exceptions import IdentityTakenError
from customers.models import Customer


@signed_in
@require_GET
def strip(request: DeskRequest) -> HttpResponse:
    context = strip_context(request.access)
    return render(request, "calls/_call_strip.jinja", context)


@signed_in
@require_GET
def rings(request: DeskRequest) -> HttpResponse:
    context = rings_context(request.access)
    return render(request, "calls/_call_rings.jinja", context)


@signed_in
@require_GET
def head(request: DeskRequest) -> HttpResponse:
    return _head(request)


@signed_in
@require_GET
def notes(request: DeskRequest) -> HttpResponse:
    context = notes_context(request.access)
    return render(request, "calls/_call_notes.jinja", context)


def _head(request: DeskRequest, *, error: str = "", status: int = 200) -> HttpResponse:
    context = head_context(request.access) | {"error": error}
    return render(request, "calls/_call_head.jinja", context, status=status)


def _mine(request: DeskRequest, pk: int) -> tuple[Call, Membership]:
    call = get_object_or_404(Call.objects.visible_to(request.access), pk=pk)
    return call, request.access.require(Permission.CALL, call.account_id)


@signed_in
@require_POST
def answer(request: DeskRequest, pk: int) -> HttpResponse:
    """Take a ringing call, with the candidate that was pressed."""
    call, member = _mine(request, pk)
    customer, is_new = _chosen(request)
    if customer is not None and customer.account_id != call.account_id:
        raise Http404
    try:
        call = calls.answer_call(call, member=member, customer=customer, as_new=is_new)
    except RefusalError as refusal:
        context = rings_context(request.access)
        response = render(
            request, "calls/_call_rings.jinja", context, status=STATUS_CONFLICT
        )
        return toast(response, str(refusal), tone="danger")
    return to_conversation(request, call)


def _chosen(request: DeskRequest) -> tuple[Customer | None, bool]:
    form = ChoiceForm(request.POST)
    if not form.is_valid() or not form.cleaned_data["customer"]:
        return None, form.is_valid() and form.cleaned_data["new"]
    customers = Customer.objects.visible_to(request.access)
    return get_object_or_404(customers, pk=form.cleaned_data["customer"]), False


@signed_in
@require_POST
def choose(request: DeskRequest, pk: int) -> HttpResponse:
    """Say whose call the running one is."""
    call, member = _mine(request, pk)
    customer, _is_new = _chosen(request)
    if customer is not None and customer.account_id != call.account_id:
        return _head(request, error=_("Another company's customer."), status=422)
    try:
        call = calls.choose_customer(call, member=member, customer=customer)
    except RefusalError as refusal:
        return _head(request, error=str(refusal), status=STATUS_CONFLICT)
    return to_conversation(request, call)


Step = Callable[..., Call]


def _step(request: DeskRequest, pk: int, step: Step) -> HttpResponse:
    call, member = _mine(request, pk)
    try:
        step(call, member=member)
    except RefusalError as refusal:
        return _head(request, error=str(refusal), status=STATUS_CONFLICT)
    return _head(request)


@signed_in
@require_POST
def hold(request: DeskRequest, pk: int) -> HttpResponse:
    return _step(request, pk, calls.hold)


@signed_in
@require_POST
def unhold(request: DeskRequest, pk: int) -> HttpResponse:
    return _step(request, pk, calls.unhold)


@signed_in
@require_POST
def end(request: DeskRequest, pk: int) -> HttpResponse:
    return _step(request, pk, calls.end_call)


@signed_in
@require_POST
def bind_number(request: DeskRequest, pk: int) -> HttpResponse:
    """Confirm, or decline, that the caller's number is the customer's own."""
    call, member = _mine(request, pk)
    if request.POST.get("answer") == "no":
        return _step(request, pk, binding.decline_number)
    try:
        binding.bind_number(call, member=member, number=request.POST.get("number", ""))
    except (RefusalError, IdentityTakenError) as refusal:
        return _head(request, error=str(refusal), status=STATUS_INVALID)
    return toast(_head(request), _("The number was added to the customer."))


@signed_in
@require_http_methods(["GET", "POST"])
def draft(request: DeskRequest, pk: int) -> HttpResponse:
    """The notes so far: saved while one types; 409 with what another tab has saved."""
    call, member = _mine(request, pk)
    if call.member_id != member.pk:
        return JsonResponse({"over": True}, status=STATUS_CONFLICT)
    if request.method == "GET":
        return _draft_json(call)
    form = DraftForm(request.POST)
    if not form.is_valid():
        return JsonResponse({"errors": form.errors}, status=STATUS_INVALID)
    version = form.cleaned_data["version"]
    try:
        call = save_draft(call, member=member, lines=form.lines(), version=version)
    except DraftConflictError as conflict:
        return _draft_json(conflict.call, status=STATUS_CONFLICT)
    except RefusalError:
        return JsonResponse({"over": True}, status=STATUS_CONFLICT)
    return _draft_json(call)


def _draft_json(call: Call, *, status: int = 200) -> JsonResponse:
    lines = dict.fromkeys(CallLines.names(), "") | call.notes.as_json()
    answer = {"lines": lines, "version": call.draft_version}
    return JsonResponse(answer, status=status)


@signed_in
@require_POST
def wrap_up(request: DeskRequest, pk: int) -> HttpResponse:
    """What has been chosen beside the notes so far; 409 where the call is over."""
    call, member = _mine(request, pk)
    form = WrapUpDraftForm(request.POST)
    if not form.is_valid():
        return HttpResponse(status=STATUS_INVALID)
    try:
        save_wrap_up(call, member=member, fields=form.cleaned_data)
    except RefusalError:
        return HttpResponse(status=STATUS_CONFLICT)
    return HttpResponse(status=204)


@signed_in
@require_POST
def finish(request: DeskRequest, pk: int) -> HttpResponse:
    """End the wrap-up; a form error brings the form back, never the notes."""
    call, member = _mine(request, pk)
    form = WrapUpForm(request.POST, call=call)
    if not form.is_valid():
        context = notes_context(request.access)
        context |= {"form": form, "values": form.values()}
        return render(
            request,
            "calls/_call_wrap_up.jinja",
            context,
            status=STATUS_INVALID,
        )
    try:
        finish_call(call, member=member, wrap_up=form.wrap_up())
    except RefusalError as refusal:
        return _head(request, error=str(refusal), status=STATUS_CONFLICT)
    response = render(request, "calls/_call_strip.jinja", strip_context(request.access))
    response = reswap(retarget(response, "#call-strip"), "innerHTML")
    return toast(response, _("The call was recorded in the conversation."))
