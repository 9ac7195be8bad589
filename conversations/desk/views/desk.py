"""The desk: its list, and the workspace of one conversation."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET

from agentdesk.prepared import read_ahead
from agentdesk.web.http import DeskRequest, signed_in
from agentdesk.web.keyset import InvalidCursorError
from agentdesk.web.text import number_in
from conversations.choices import InquiryStatus
from conversations.desk.selectors.workspace import (
    visible_with_customer,
    workspace,
)
from conversations.desk.views.place import place_in
from conversations.inquiries.selectors.inquiry_list import (
    MOST_SHOWN,
    PAGE_SIZE,
    ListFilter,
    inquiry_list,
    list_ahead,
    open_counts,
)
from conversations.models import Inquiry

REMEMBERED_LIST = "desk_list"


@require_GET
@signed_in
def home(request: DeskRequest) -> HttpResponse:
    """The desk with no conversation open."""
    return render(request, "desk/desk.html", _list_context(request))


@require_GET
@signed_in
def conversation(request: DeskRequest, pk: int) -> HttpResponse:
    """The desk with one conversation open."""
    context = _list_context(request) | _workspace_context(request, pk)
    return render(request, "desk/desk.html", context)


@require_GET
@signed_in
def workspace_fragment(request: DeskRequest, pk: int) -> HttpResponse:
    """The conversation and its customer, swapped in beside the list."""
    response = render(request, "desk/_workspace.jinja", _workspace_context(request, pk))
    response["HX-Push-Url"] = reverse("desk:conversation", args=[pk])
    return response


@require_GET
@signed_in
def inquiries(request: DeskRequest) -> HttpResponse:
    """The list anew, as long as it stands on the screen (`shown` rows)."""
    return render(request, "desk/_list.jinja", _list_context(request))


@require_GET
@signed_in
def more_inquiries(request: DeskRequest) -> HttpResponse:
    """The next page of rows, behind `cursor`."""
    chosen = _chosen(request)
    try:
        page = inquiry_list(
            request.access, chosen, cursor=request.GET.get("cursor", "")
        )
    except InvalidCursorError:
        return HttpResponse(status=400)
    context = {
        "page": page,
        "chosen": chosen,
        "shown": min(_shown(request) + PAGE_SIZE, MOST_SHOWN),
        "is_more": True,
    }
    return render(request, "desk/_rows.jinja", context)


@require_GET
@signed_in
def by_reference(request: DeskRequest, account_id: int, reference: str) -> HttpResponse:
    """A 受付番号 as an address."""
    inquiry = get_object_or_404(
        Inquiry.objects.visible_to(request.access),
        account_id=account_id,
        reference=reference,
    )
    return redirect("desk:conversation", pk=inquiry.conversation_id)


def _list_context(request: DeskRequest) -> dict[str, Any]:
    chosen = _chosen(request)
    shown = _shown(request)
    with read_ahead(*list_ahead(request.access, chosen, size=shown)):
        return {
            "page": inquiry_list(request.access, chosen, size=shown),
            "chosen": chosen,
            "shown": shown,
            "counts": open_counts(request.access),
            "statuses": InquiryStatus.choices,
        }


def _chosen(request: DeskRequest) -> ListFilter:
    """From the address; else what this session looked at last."""
    remembered = request.session.get(REMEMBERED_LIST, ["all", ""])
    chosen = ListFilter.of(
        request.GET.get("view", remembered[0]), request.GET.get("status", remembered[1])
    )
    if [chosen.view, chosen.status] != remembered:
        request.session[REMEMBERED_LIST] = [chosen.view, chosen.status]
    return chosen


def _shown(request: DeskRequest) -> int:
    shown = number_in(request.GET.get("shown", "")) or PAGE_SIZE
    return max(PAGE_SIZE, min(shown, MOST_SHOWN))


def _workspace_context(request: DeskRequest, pk: int) -> dict[str, Any]:
    found = visible_with_customer(request.access, pk)
    if found is None:
        raise Http404
    at = place_in(request, found)
    return {"workspace": workspace(request.access, found, at), "current_pk": pk}
