"""What is done to several inquiries of the list at once, one verb a URL."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST
from django_htmx.http import reswap, retarget, trigger_client_event

from agentdesk.accounts.access import Access
from agentdesk.accounts.roles import Permission
from agentdesk.jobs.queueing import enqueue
from agentdesk.web.http import (
    STATUS_CONFLICT,
    STATUS_INVALID,
    DeskRequest,
    DeskView,
    signed_in,
    toast,
)
from conversations.exceptions import (
    NotAllowedError,
    NotAMemberError,
    RefusalError,
    TooManyAtOnceError,
)
from conversations.inquiries.actions import inquiry as actions
from conversations.inquiries.actions.bulk import (
    MOST_AT_ONCE,
    Outcome,
    change_each,
    undo_tokens,
)
from conversations.inquiries.actions.mark_read import mark_read
from conversations.inquiries.actions.undo import undo as undo_one
from conversations.inquiries.forms.bulk import (
    BulkAssignForm,
    BulkCloseForm,
    chosen_numbers,
)
from conversations.inquiries.forms.inquiry import SnoozeForm
from conversations.models import Inquiry
from conversations.outbound.tasks import send_read_receipt

_Change = Callable[[Inquiry], Inquiry]


@dataclass(frozen=True)
class _Chosen:
    """Those of the chosen that the member may see, in the order of the list."""

    rows: list[Inquiry]
    seen_owners: dict[int, int]

    @property
    def missing(self) -> int:
        return len(self.seen_owners) - len(self.rows)

    @property
    def values(self) -> list[str]:
        return [f"{one.pk}:{self.seen_owners[one.pk]}" for one in self.rows]


def _chosen(request: DeskRequest) -> _Chosen:
    """Raises TooManyAtOnceError, and Http404 where none of them is the member's."""
    sent = request.POST if request.method == "POST" else request.GET
    owners = chosen_numbers(sent.getlist("inquiry"))
    if len(owners) > MOST_AT_ONCE:
        raise TooManyAtOnceError(MOST_AT_ONCE)
    found = _visible(request.access, owners)
    if not found:
        raise Http404
    return _Chosen([found[pk] for pk in owners if pk in found], owners)


def _visible(access: Access, numbers: Iterable[int]) -> dict[int, Inquiry]:
    rows = Inquiry.objects.visible_to(access).select_related(
        "account", "conversation__customer", "conversation__account", "owner__user"
    )
    return rows.in_bulk(list(numbers))


def _refusable(view: "DeskView[[]]") -> "DeskView[[]]":
    """What is refused as a whole is shown in a toast."""

    def guarded(request: DeskRequest) -> HttpResponse:
        try:
            return view(request)  # type: ignore[return-value]  # none of them streams
        except RefusalError as refusal:
            response = HttpResponse(status=STATUS_CONFLICT)
            return toast(response, str(refusal), "danger")

    return guarded


def _change_each(
    request: DeskRequest,
    chosen: _Chosen,
    permission: Permission,
    change: _Change,
    *,
    is_undoable: bool = True,
) -> Outcome:
    """Each row where the member's role in its account does it."""

    def changing(inquiry: Inquiry) -> Inquiry:
        if not request.access.allows(permission, inquiry.account_id):
            raise NotAllowedError
        return change(inquiry)

    return change_each(
        chosen.rows, actor=request.user, change=changing, is_undoable=is_undoable
    )


@require_POST
@signed_in
@_refusable
def take(request: DeskRequest) -> HttpResponse:
    """Make them mine, each as long as its owner is the one on my screen."""
    chosen = _chosen(request)

    def change(inquiry: Inquiry) -> Inquiry:
        member = request.access.membership_in(inquiry.account_id)
        seen = chosen.seen_owners[inquiry.pk]
        return actions.take(inquiry, member=member, seen_owner=seen)

    outcome = _change_each(request, chosen, Permission.ASSIGN_SELF, change)
    count = len(outcome.changed)
    words = ngettext("%(n)s inquiry is yours.", "%(n)s inquiries are yours.", count)
    return _result(request, outcome, chosen.missing, words % {"n": count})


@require_http_methods(["GET", "POST"])
@signed_in
@_refusable
def assign(request: DeskRequest) -> HttpResponse:
    chosen = _chosen(request)
    form = BulkAssignForm(request.POST or None, inquiries=chosen.rows)
    if request.method == "GET" or not form.is_valid():
        return _dialog(request, "assign", chosen, form)
    places = form.places()

    def change(inquiry: Inquiry) -> Inquiry:
        if inquiry.account_id not in places:
            raise NotAMemberError
        owner = places[inquiry.account_id]
        return actions.assign(inquiry, actor=request.user, owner=owner)

    outcome = _change_each(request, chosen, Permission.ASSIGN_OTHERS, change)
    return _result(request, outcome, chosen.missing, form.words(len(outcome.changed)))


@require_http_methods(["GET", "POST"])
@signed_in
@_refusable
def close(request: DeskRequest) -> HttpResponse:
    chosen = _chosen(request)
    form = BulkCloseForm(request.POST or None, inquiries=chosen.rows)
    if request.method == "GET" or not form.is_valid():
        return _dialog(request, "close", chosen, form)
    given = {name: form.cleaned_data[name] for name in ("status", "seen")}

    def change(inquiry: Inquiry) -> Inquiry:
        reason = form.reason_of(inquiry)
        return actions.close(inquiry, actor=request.user, reason=reason, **given)

    outcome = _change_each(request, chosen, Permission.REPLY, change)
    count = len(outcome.changed)
    words = ngettext("%(n)s inquiry closed.", "%(n)s inquiries closed.", count)
    return _result(request, outcome, chosen.missing, words % {"n": count})


@require_http_methods(["GET", "POST"])
@signed_in
@_refusable
def snooze(request: DeskRequest) -> HttpResponse:
    chosen = _chosen(request)
    form = SnoozeForm(request.POST or None)
    if request.method == "GET" or not form.is_valid():
        return _dialog(request, "snooze", chosen, form)

    def change(inquiry: Inquiry) -> Inquiry:
        until = form.moment(inquiry.conversation.account)
        return actions.snooze(inquiry, actor=request.user, until=until)

    outcome = _change_each(request, chosen, Permission.REPLY, change)
    count = len(outcome.changed)
    words = ngettext("%(n)s inquiry snoozed.", "%(n)s inquiries snoozed.", count)
    return _result(request, outcome, chosen.missing, words % {"n": count})


@require_POST
@signed_in
@_refusable
def read(request: DeskRequest) -> HttpResponse:
    """All that their customers wrote counts as read, and they may see so."""
    chosen = _chosen(request)

    def change(inquiry: Inquiry) -> Inquiry:
        member = request.access.membership_in(inquiry.account_id)
        if mark_read(inquiry.conversation, member=member):
            enqueue(send_read_receipt, inquiry.conversation_id)
        return inquiry

    outcome = _change_each(request, chosen, Permission.REPLY, change, is_undoable=False)
    count = len(outcome.changed)
    words = ngettext("%(n)s marked as read.", "%(n)s marked as read.", count)
    return _result(request, outcome, chosen.missing, words % {"n": count})


@require_POST
@signed_in
@_refusable
def undo(request: DeskRequest) -> HttpResponse:
    """`token` came with the answer to what is to be undone."""
    tokens = undo_tokens(request.POST.get("token", ""))
    found = _visible(request.access, tokens)
    if not found:
        raise Http404
    chosen = _Chosen(list(found.values()), dict.fromkeys(tokens, 0))

    def change(inquiry: Inquiry) -> Inquiry:
        return undo_one(inquiry, actor=request.user, token=tokens[inquiry.pk])

    outcome = _change_each(request, chosen, Permission.REPLY, change, is_undoable=False)
    count = len(outcome.changed)
    words = ngettext("Undone: %(n)s inquiry.", "Undone: %(n)s inquiries.", count)
    return _result(request, outcome, chosen.missing, words % {"n": count})


def _result(
    request: DeskRequest, outcome: Outcome, missing: int, words: str
) -> HttpResponse:
    """What became of them, below the list: an undo is too long for a header."""
    context = {
        "outcome": outcome,
        "missing": missing,
        "words": words if outcome.changed else "",
        "untouched": len(outcome.refused) + missing,
    }
    response = render(request, "desk/bulk/_result.jinja", context)
    response = trigger_client_event(response, "close-dialog", after="swap")
    return reswap(retarget(response, "#bulk-result"), "innerHTML")


def _dialog(
    request: DeskRequest, verb: str, chosen: _Chosen, form: forms.Form
) -> HttpResponse:
    return render(
        request,
        f"desk/bulk/_{verb}_dialog.html",
        {"form": form, "chosen": chosen.values, "count": len(chosen.rows)},
        status=STATUS_INVALID if form.is_bound else 200,
    )
