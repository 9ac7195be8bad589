"""What the settings of ranks and of free attributes share: order and retirement."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django_htmx.http import retarget

from agentdesk.accounts.actions.ordered_row import (
    move_row,
    place_row,
    restore_row,
    retire_row,
)
from agentdesk.accounts.exceptions import SettingRefusedError
from agentdesk.accounts.models import ClientAccount
from agentdesk.web.http import STATUS_INVALID, DeskRequest
from agentdesk.web.settings_pages import announce


@dataclass(frozen=True)
class SettingsList:
    """One list of an account that people fill, order and retire from."""

    model: Any
    kind: str  # names its audit entries, URLs and elements: rank → rank-3
    template: (
        str  # templates/customers/people/settings/<template>.html and its fragments
    )
    new_form: Callable[[], forms.Form]

    def rows(self, account: ClientAccount) -> Any:
        return self.model.objects.filter(account=account)

    def row(self, account: ClientAccount, pk: int) -> Any:
        return get_object_or_404(self.model, account=account, pk=pk)

    def context(
        self, account: ClientAccount, form: forms.Form | None = None
    ) -> dict[str, Any]:
        rows = list(self.rows(account))
        return {
            "account": account,
            "rows": [row for row in rows if row.retired_at is None],
            "retired": [row for row in rows if row.retired_at is not None],
            "form": form or self.new_form(),
        }

    def page(self, request: DeskRequest, account: ClientAccount) -> HttpResponse:
        path = f"customers/people/settings/{self.template}.html"
        return render(request, path, self.context(account))

    def region(
        self,
        request: DeskRequest,
        account: ClientAccount,
        text: str,
        *,
        focus: str = "",
    ) -> HttpResponse:
        path = f"customers/people/settings/_{self.template}.html"
        response = render(request, path, self.context(account))
        return announce(response, text, focus=focus)

    def add(
        self,
        request: DeskRequest,
        account: ClientAccount,
        form: forms.Form,
        action: Callable[..., Any],
    ) -> HttpResponse:
        """The whole list again; with the refused form (422) where it was refused."""
        if form.is_valid() and _done(form, action, account, actor=request.user):
            return self.region(request, account, _("Added"), focus=f"add-{self.kind}")
        path = f"customers/people/settings/_{self.template}.html"
        context = self.context(account, form)
        return render(request, path, context, status=STATUS_INVALID)

    def editor(
        self, request: DeskRequest, row: Any, form: forms.Form, status: int = 200
    ) -> HttpResponse:
        """The row as a form, in its place."""
        path = f"customers/people/settings/_{self.kind}_editor.html"
        form.auto_id = f"{self.kind}-{row.pk}_%s"  # beside the form below the list
        context = {"account": row.account, "row": row, "form": form}
        return render(request, path, context, status=status)

    def change(
        self,
        request: DeskRequest,
        row: Any,
        form: forms.Form,
        action: Callable[..., Any],
    ) -> HttpResponse:
        if form.is_valid() and _done(form, action, row, actor=request.user):
            focus = f"{self.kind}-{row.pk}-edit"
            return self.region(request, row.account, _("Saved"), focus=focus)
        response = self.editor(request, row, form, status=STATUS_INVALID)
        return retarget(response, f"#{self.kind}-{row.pk}")

    def move(self, request: DeskRequest, row: Any) -> HttpResponse:
        """By `step` (-1, 1), or `before`/`after` another row."""
        data = request.POST
        if data.get("step") in {"-1", "1"}:
            move_row(row, actor=request.user, kind=self.kind, step=int(data["step"]))
        else:
            after = "after" in data
            target = data.get("after") or data.get("before") or ""
            if target.isdecimal() and len(target) < 19:
                place_row(
                    row,
                    actor=request.user,
                    kind=self.kind,
                    target=int(target),
                    after=after,
                )
        return self.region(request, row.account, self._where(row))

    def _where(self, row: Any) -> str:
        ids = [r.pk for r in self.rows(row.account) if r.retired_at is None]
        if row.pk not in ids:
            return ""
        return _("%(name)s is now number %(place)s of %(count)s.") % {
            "name": str(row),
            "place": ids.index(row.pk) + 1,
            "count": len(ids),
        }

    def retire(self, request: DeskRequest, row: Any) -> HttpResponse:
        retire_row(row, actor=request.user, kind=self.kind)
        focus = f"{self.kind}-{row.pk}-restore"
        return self.region(request, row.account, _("Retired"), focus=focus)

    def restore(self, request: DeskRequest, row: Any) -> HttpResponse:
        restore_row(row, actor=request.user, kind=self.kind)
        focus = f"{self.kind}-{row.pk}-edit"
        return self.region(request, row.account, _("Restored"), focus=focus)


def _done(
    form: forms.Form, action: Callable[..., Any], subject: Any, **by: Any
) -> bool:
    try:
        action(subject, **by, **form.cleaned_data)
    except SettingRefusedError as refusal:
        form.add_error(refusal.field or None, refusal.message)
        return False
    return True
