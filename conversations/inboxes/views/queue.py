from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from agentdesk.accounts.exceptions import SettingRefusedError
from agentdesk.accounts.models import ClientAccount
from agentdesk.accounts.roles import Permission
from agentdesk.web.http import STATUS_INVALID, DeskRequest, toast
from agentdesk.web.settings_pages import managing
from conversations.inboxes.actions.inbox import rename_queue
from conversations.inquiries.forms.name import NameForm
from conversations.models import Queue
from conversations.routing.opening import schedule_of


@require_http_methods(["GET", "POST"])
@managing(Permission.MANAGE_SETTINGS)
def queue(request: DeskRequest, account: ClientAccount) -> HttpResponse:
    """The one queue every account has for now."""
    row = get_object_or_404(Queue, account=account, is_default=True)
    if request.method == "GET":
        context = {"account": account, "form": NameForm(initial={"name": row.name})}
        return render(request, "inboxes/queue.html", context)
    form = NameForm(request.POST)
    template = "inboxes/_queue_form.html"
    if form.is_valid():
        try:
            rename_queue(row, actor=request.user, name=form.cleaned_data["name"])
        except SettingRefusedError as refusal:
            form.add_error(refusal.field or None, refusal.message)
    context = {"account": account, "form": form}
    if form.errors:
        return render(request, template, context, status=STATUS_INVALID)
    return toast(render(request, template, context), _("Saved"))


@require_GET
@managing(Permission.MANAGE_SETTINGS)
def hours_now(request: DeskRequest, account: ClientAccount) -> HttpResponse:
    """Whether the saved hours say open at this moment, and until when."""
    schedule = schedule_of(account)
    now = timezone.now()
    is_open = schedule.is_open(now)
    changes_at = schedule.next_closing(now) if is_open else schedule.next_opening(now)
    context = {
        "is_open": is_open,
        "changes_at": changes_at,
        "is_today": bool(
            changes_at
            and changes_at.astimezone(schedule.zone).date()
            == now.astimezone(schedule.zone).date()
        ),
    }
    with timezone.override(schedule.zone):
        return render(request, "inboxes/_hours_now.html", context)
