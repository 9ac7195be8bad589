from dataclasses import asdict
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_GET, require_POST

from agentdesk.accounts.access import Access
from agentdesk.accounts.models import ClientAccount, User
from agentdesk.accounts.roles import Permission
from agentdesk.accounts.step_up import stepped_up
from agentdesk.audit import log
from agentdesk.audit.entries import ORDER, Filters, account_ids
from agentdesk.audit.entries import entries as entries_of
from agentdesk.audit.export import csv_pieces
from agentdesk.audit.forms import FilterForm
from agentdesk.web.http import DeskRequest, signed_in
from agentdesk.web.keyset import InvalidCursorError, page


def _ids(access: Access, permission: Permission) -> list[int]:
    """Accounts on screen that allow it; 403 where there is none."""
    ids = account_ids(access, permission)
    if not ids:
        raise PermissionDenied
    return ids


@require_GET
@signed_in
def entries(request: DeskRequest) -> HttpResponse:
    """Newest first; `?cursor=` leads to older ones."""
    ids = _ids(request.access, Permission.READ_AUDIT)
    form = FilterForm(request.GET, account_ids=ids)
    cursor = request.GET.get("cursor", "")
    try:
        found = page(entries_of(ids, form.filters()), ORDER, cursor=cursor, size=50)
    except InvalidCursorError as error:
        raise Http404 from error
    query = {name: request.GET[name] for name in form.fields if request.GET.get(name)}
    context = {
        "form": form,
        "page": found,
        "query": query,
        "newest": urlencode(query),
        "older": urlencode(query | {"cursor": found.next_cursor}),
        "is_first": not cursor,
        "many_accounts": len(ids) > 1,
        "may_export": account_ids(request.access, Permission.EXPORT_AUDIT),
    }
    return render(request, "audit/entries.html", context)


@require_POST
@signed_in
@stepped_up
def export(request: DeskRequest) -> StreamingHttpResponse:
    """What the filters show, as CSV. The export is an entry itself."""
    ids = _ids(request.access, Permission.EXPORT_AUDIT)
    filters = FilterForm(request.POST, account_ids=ids).filters()
    _record_export(ids, filters, request.user)
    pieces = csv_pieces(
        entries_of(ids, filters),
        language=request.user.language,
        zone=request.user.time_zone,
    )
    response = StreamingHttpResponse(pieces, content_type="text/csv; charset=utf-8")
    name = f"audit-{timezone.localdate():%Y%m%d}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@transaction.atomic
def _record_export(ids: list[int], filters: Filters, actor: User) -> None:
    details: dict[str, Any] = {k: str(v) for k, v in asdict(filters).items() if v}
    for account in ClientAccount.objects.filter(pk__in=ids):
        log.record(
            "audit.exported", account, actor=actor, account_id=account.pk, after=details
        )
