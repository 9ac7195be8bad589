"""What is done to an inquiry from the desk: dialogs and one-key verbs."""

from collections.abc import Callable

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST
from django_htmx.http import reswap, trigger_client_event

from agentdesk.accounts.roles import Permission
from agentdesk.web.http import (
    STATUS_CONFLICT,
    STATUS_INVALID,
    DeskRequest,
    ToastAction,
    signed_in,
    toast,
)
from agentdesk.web.text import number_in
from conversations.exceptions import RefusalError, UnreadMessageError
from conversations.inquiries.actions import inquiry as actions
from conversations.inquiries.actions.hand_over import hand_over
from conversations.inquiries.actions.take_next import take_next
from conversations.inquiries.actions.undo import state_of, undo_token
from conversations.inquiries.forms.inquiry import (
    AssignForm,
    CloseForm,
    ReasonForm,
    SnoozeForm,
    StatusForm,
)
from conversations.models import Inquiry


def _visible(request: DeskRequest, pk: int) -> Inquiry:
    return get_object_or_404(
        Inquiry.objects.visible_to(request.access).select_related(
            "conversation__customer", "conversation__account", "owner__user", "reason"
        ),
        pk=pk,
    )


_Undo = Callable[[Inquiry], ToastAction]


def _undo_of(request: DeskRequest, inquiry: Inquiry) -> _Undo:
    """The button that gives it back as it is now, once it has been changed."""
    before = state_of(inquiry)
    path = reverse("desk:undo", args=[inquiry.pk])

    def button(changed: Inquiry) -> ToastAction:
        token = undo_token(changed, actor=request.user, before=before)
        return ToastAction(_("Undo"), path, {"token": token}, key="u")

    return button


def _done(
    change: Callable[[], Inquiry], text: str, undo: _Undo | None = None
) -> HttpResponse:
    """Carry out a verb; its refusal is a toast, its effect arrives as a live event."""
    try:
        inquiry = change()
    except UnreadMessageError:
        raise
    except RefusalError as refusal:
        refused = reswap(HttpResponse(status=STATUS_CONFLICT), "none")
        return toast(refused, str(refusal), "danger")
    response = trigger_client_event(HttpResponse(status=204), "close-dialog")
    button = undo(inquiry) if undo else None
    return toast(response, text, action=button) if text else response


@require_POST
@signed_in
def take(request: DeskRequest, pk: int) -> HttpResponse:
    """Make it mine; `owner` is whose it was on my screen, 0 for nobody's."""
    inquiry = _visible(request, pk)
    member = request.access.require(Permission.ASSIGN_SELF, inquiry.account_id)
    seen = number_in(request.POST.get("owner", "")) or 0
    return _done(
        lambda: actions.take(inquiry, member=member, seen_owner=seen),
        _("You own this inquiry now."),
    )


@require_http_methods(["GET", "POST"])
@signed_in
def assign(request: DeskRequest, pk: int) -> HttpResponse:
    inquiry = _visible(request, pk)
    member = request.access.require(Permission.ASSIGN_OTHERS, inquiry.account_id)
    if request.method == "GET":
        form = AssignForm(inquiry=inquiry, initial={"owner": inquiry.owner_id})
        return _dialog(request, "_assign_dialog", inquiry, form)
    form = AssignForm(request.POST, inquiry=inquiry)
    if not form.is_valid():
        return _dialog(request, "_assign_dialog", inquiry, form)
    owner = form.cleaned_data["owner"]
    return _done(
        lambda: hand_over(
            inquiry, member=member, owner=owner, note=form.cleaned_data["note"]
        ),
        _("Owner: %(name)s") % {"name": owner.user.name if owner else _("nobody")},
        _undo_of(request, inquiry),
    )


@require_POST
@signed_in
def set_status(request: DeskRequest, pk: int) -> HttpResponse:
    inquiry = _visible(request, pk)
    request.access.require(Permission.REPLY, inquiry.account_id)
    form = StatusForm(request.POST)
    if not form.is_valid():
        return HttpResponse(status=400)
    status = form.cleaned_data["status"]
    return _done(
        lambda: actions.set_status(inquiry, actor=request.user, status=status), ""
    )


@require_http_methods(["GET", "POST"])
@signed_in
def set_reason(request: DeskRequest, pk: int) -> HttpResponse:
    inquiry = _visible(request, pk)
    request.access.require(Permission.REPLY, inquiry.account_id)
    form = ReasonForm(request.POST or None, inquiry=inquiry)
    if request.method == "GET" or not form.is_valid():
        return _dialog(request, "_reason_dialog", inquiry, form)
    reason = form.cleaned_data["reason"]
    return _done(
        lambda: actions.set_reason(inquiry, actor=request.user, reason=reason), ""
    )


@require_http_methods(["GET", "POST"])
@signed_in
def close(request: DeskRequest, pk: int) -> HttpResponse:
    """Close; with `next` in the form, go on to what has waited longest."""
    inquiry = _visible(request, pk)
    request.access.require(Permission.REPLY, inquiry.account_id)
    form = CloseForm(request.POST or None, inquiry=inquiry)
    if request.method == "GET" or not form.is_valid():
        return _dialog(request, "_close_dialog", inquiry, form)
    text = _("Closed: %(reference)s") % {"reference": inquiry.reference}
    try:
        response = _done(
            lambda: actions.close(inquiry, actor=request.user, **form.cleaned_data),
            text,
            _undo_of(request, inquiry),
        )
    except UnreadMessageError as refusal:
        form.refuse(str(refusal))
        return _dialog(request, "_close_dialog", inquiry, form)
    goes_on = "next" in request.POST and response.status_code == 204
    return _to_next(request, inquiry, response) if goes_on else response


@require_POST
@signed_in
def reopen(request: DeskRequest, pk: int) -> HttpResponse:
    inquiry = _visible(request, pk)
    request.access.require(Permission.REPLY, inquiry.account_id)
    return _done(lambda: actions.reopen(inquiry, actor=request.user), "")


@require_http_methods(["GET", "POST"])
@signed_in
def snooze(request: DeskRequest, pk: int) -> HttpResponse:
    inquiry = _visible(request, pk)
    request.access.require(Permission.REPLY, inquiry.account_id)
    form = SnoozeForm(request.POST or None)
    if request.method == "GET" or not form.is_valid():
        return _dialog(request, "_snooze_dialog", inquiry, form)
    until = form.moment()
    return _done(
        lambda: actions.snooze(inquiry, actor=request.user, until=until),
        _("Snoozed."),
        _undo_of(request, inquiry),
    )


@require_POST
@signed_in
def wake(request: DeskRequest, pk: int) -> HttpResponse:
    inquiry = _visible(request, pk)
    request.access.require(Permission.REPLY, inquiry.account_id)
    return _done(lambda: actions.wake(inquiry, actor=request.user), "")


@require_POST
@signed_in
def waiting(request: DeskRequest) -> HttpResponse:
    """Take the next one, which is swapped in; a sentence when nobody waits."""
    return _to_next(request, None, HttpResponse(status=204))


def _to_next(
    request: DeskRequest, after: Inquiry | None, response: HttpResponse
) -> HttpResponse:
    found = take_next(request.access, besides=after.pk if after else 0)
    if found is None:
        return toast(response, _("Nobody is waiting."), "info")
    path = reverse("desk:workspace", args=[found.conversation_id])
    return trigger_client_event(response, "open-conversation", {"url": path})


def _dialog(
    request: DeskRequest, name: str, inquiry: Inquiry, form: object
) -> HttpResponse:
    is_bound = bool(getattr(form, "is_bound", False))
    return render(
        request,
        f"inquiries/{name}.html",
        {"inquiry": inquiry, "form": form},
        status=STATUS_INVALID if is_bound else 200,
    )
