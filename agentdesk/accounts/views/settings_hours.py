from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST
from django_htmx.http import trigger_client_event

from agentdesk.accounts.actions.change_hours import (
    add_closed_day,
    change_hours,
    remove_closed_day,
)
from agentdesk.accounts.exceptions import SettingRefusedError
from agentdesk.accounts.forms.hours import ClosedDayForm, WeekForm
from agentdesk.accounts.hours import coming_holidays, week_of
from agentdesk.accounts.models import ClientAccount, ClosedDay
from agentdesk.accounts.roles import Permission
from agentdesk.web.http import STATUS_INVALID, DeskRequest, toast
from agentdesk.web.settings_pages import managing


@require_http_methods(["GET", "POST"])
@managing(Permission.MANAGE_SETTINGS)
def hours(request: DeskRequest, account: ClientAccount) -> HttpResponse:
    if request.method == "POST":
        return _change(request, account)
    context = _week(account, WeekForm(None, week=week_of(account)))
    context |= _closed_days(account, _closed_day_form(account))
    return render(request, "settings/hours.html", context)


def _change(request: DeskRequest, account: ClientAccount) -> HttpResponse:
    form = WeekForm(request.POST, week={})
    template = "settings/_hours_form.html"
    on_holidays = "closed_on_holidays" in request.POST
    if not form.is_valid():
        context = _week(account, form) | {"closed_on_holidays": on_holidays}
        return render(request, template, context, status=STATUS_INVALID)
    change_hours(
        account, actor=request.user, week=form.week, closed_on_holidays=on_holidays
    )
    account.refresh_from_db()
    context = _week(account, WeekForm(None, week=week_of(account)))
    return _with_toast(render(request, template, context), _("Saved"))


@require_POST
@managing(Permission.MANAGE_SETTINGS)
def add_closed(request: DeskRequest, account: ClientAccount) -> HttpResponse:
    form = _closed_day_form(account, request.POST)
    template = "settings/_closed_days.html"
    if form.is_valid():
        try:
            add_closed_day(account, actor=request.user, **form.cleaned_data)
        except SettingRefusedError as refusal:
            form.add_error(refusal.field, refusal.message)
    if form.errors:
        context = _closed_days(account, form)
        return render(request, template, context, status=STATUS_INVALID)
    context = _closed_days(account, _closed_day_form(account))
    return _with_toast(render(request, template, context), _("Closed day added"))


@require_POST
@managing(Permission.MANAGE_SETTINGS)
def remove_closed(
    request: DeskRequest, account: ClientAccount, pk: int
) -> HttpResponse:
    if not remove_closed_day(account, pk, actor=request.user):
        raise Http404
    context = _closed_days(account, _closed_day_form(account))
    response = render(request, "settings/_closed_days.html", context)
    return _with_toast(response, _("Closed day removed"))


def _with_toast(response: HttpResponse, text: str) -> HttpResponse:
    return toast(trigger_client_event(response, "hours-changed", {}), text)


def _week(account: ClientAccount, form: WeekForm) -> dict[str, Any]:
    return {
        "account": account,
        "week": form,
        "closed_on_holidays": account.closed_on_holidays,
        "is_always_open": not any(day.typed for day in form.days),
        "holidays": coming_holidays(account.phone_region, _today(account)),
    }


def _closed_days(account: ClientAccount, form: ClosedDayForm) -> dict[str, Any]:
    rows = ClosedDay.objects.filter(account=account)
    today = _today(account)
    return {
        "account": account,
        "closed_day_form": form,
        "coming": [row for row in rows if row.day >= today],
        "past": [row for row in rows if row.day < today],
    }


def _closed_day_form(account: ClientAccount, data: Any = None) -> ClosedDayForm:
    return ClosedDayForm(data, today=_today(account), prefix="closed")


def _today(account: ClientAccount) -> date:
    return timezone.localdate(timezone=ZoneInfo(account.time_zone))
