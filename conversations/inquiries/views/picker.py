"""What stands in a picker: its choices, and further fields below them."""

from collections.abc import Sequence

from django.forms import BaseForm
from django.http import HttpResponse
from django.shortcuts import render

from agentdesk.accounts.models import ClientAccount
from agentdesk.web.http import STATUS_INVALID, DeskRequest
from conversations.inquiries.selectors.choices import Choice
from conversations.inquiries.selectors.snooze_choices import (
    snooze_choices,
    typed_choices,
)

HAND_OVER_FOOT = "inquiries/_hand_over_foot.jinja"
CLOSING_FOOT = "inquiries/_closing_foot.jinja"
LONGEST = 40  # of a time that is typed


def picker(
    request: DeskRequest,
    choices: Sequence[Choice],
    form: BaseForm | None = None,
    *,
    foot: str = "",
    reads_typed: bool = False,
) -> HttpResponse:
    """`foot` is a template that draws the rest of `form`; `reads_typed`: the choices
    depend on what is typed (`?q=`)."""
    errors = [str(one) for ones in form.errors.values() for one in ones] if form else []
    context = {
        "choices": choices,
        "form": form,
        "foot": foot,
        "errors": errors,
        "reads_typed": reads_typed,
    }
    status = STATUS_INVALID if errors else 200
    return render(request, "inquiries/_picker_choices.jinja", context, status=status)


def snooze_picker(
    request: DeskRequest, account: ClientAccount, form: BaseForm | None = None
) -> HttpResponse:
    typed = request.GET.get("q", "").replace("\0", "").strip()[:LONGEST]
    choices = snooze_choices(account)
    if typed:
        choices = [*typed_choices(account, typed), *choices]
    return picker(request, choices, form, reads_typed=True)
