"""What is done to an inquiry from the desk: pickers and one-key verbs."""

from collections.abc import Callable

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST
from django_htmx.http import reswap, trigger_client_event

from agentdesk.accounts.roles import Permission
from agentdesk.web.http import (
    STATUS_CONFLICT,
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
from conversations.inquiries.selectors.choices import (
    Choice,
    owner_choices,
    status_choices,
)
from conversations.inquiries.selectors.reason_choices import reason_choices
from conversations.inquiries.selectors.snooze_choices import moment_words
from conversations.inquiries.views.picker import (
    CLOSING_FOOT,
    HAND_OVER_FOOT,
    picker,
    snooze_picker,
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
    form = AssignForm(request.POST or None, inquiry=inquiry)
    if request.method == "GET" or not form.is_valid():
        return picker(
            request, owner_choices(inquiry, member=member), form, foot=HAND_OVER_FOOT
        )
    owner = form.cleaned_data["owner"]
    return _done(
        lambda: hand_over(
            inquiry, member=member, owner=owner, note=form.cleaned_data["note"]
        ),
        _("Owner: %(name)s") % {"name": owner.user.name if owner else _("nobody")},
        _undo_of(request, inquiry),
    )


@require_http_methods(["GET", "POST"])
@signed_in
def set_status(request: DeskRequest, pk: int) -> HttpResponse:
    inquiry = _visible(request, pk)
    request.access.require(Permission.REPLY, inquiry.account_id)
    if request.method == "GET":
        return picker(request, status_choices(inquiry))
    form = StatusForm(request.POST)
    if not form.is_valid():
        return HttpResponse(status=400)
    status = form.cleaned_data["status"]
    return _done(
        lambda: actions.set_status(inquiry, actor=request.user, status=status), ""
    )


def _reasons(inquiry: Inquiry) -> list[Choice]:
    return reason_choices(
        inquiry.conversation.account,
        channel=inquiry.channel,
        current=inquiry.reason_id,
    )


@require_http_methods(["GET", "POST"])
@signed_in
def set_reason(request: DeskRequest, pk: int) -> HttpResponse:
    inquiry = _visible(request, pk)
    request.access.require(Permission.REPLY, inquiry.account_id)
    form = ReasonForm(request.POST or None, account_id=inquiry.account_id)
    if request.method == "GET" or not form.is_valid():
        nothing = Choice(
            {"reason": ""}, _("No reason"), is_current=inquiry.reason_id is None
        )
        return picker(request, [*_reasons(inquiry), nothing], form)
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
        return picker(request, _reasons(inquiry), form, foot=CLOSING_FOOT)
    text = _("Closed: %(reference)s") % {"reference": inquiry.reference}
    try:
        response = _done(
            lambda: actions.close(inquiry, actor=request.user, **form.cleaned_data),
            text,
            _undo_of(request, inquiry),
        )
    except UnreadMessageError as refusal:
        form.refuse(str(refusal))
        return picker(request, _reasons(inquiry), form, foot=CLOSING_FOOT)
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
    account = inquiry.conversation.account
    form = SnoozeForm(request.POST or None)
    if request.method == "GET" or not form.is_valid():
        return snooze_picker(request, account, form)
    until = form.moment(account)
    return _done(
        lambda: actions.snooze(inquiry, actor=request.user, until=until),
        _("Snoozed until %(moment)s.") % {"moment": moment_words(until)},
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
