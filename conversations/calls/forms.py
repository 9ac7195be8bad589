"""What members type about calls, checked."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from conversations.calls.actions.wrap_up import MAX_LINE, WrapUp
from conversations.choices import CallOutcome, Direction
from conversations.contents.call_lines import CallLines
from conversations.inquiries.forms.inquiry import within_reach
from conversations.models import Call, ContactReason


def _line() -> forms.CharField:
    too_long = _("The notes are too long: at most %(limit_value)d letters a line.")
    return forms.CharField(
        required=False,
        strip=False,
        max_length=MAX_LINE,
        error_messages={"max_length": too_long},
    )


class StartForm(forms.Form):
    """What the call box submits: a customer, or a number in an account, or a code."""

    customer = forms.IntegerField(required=False, min_value=1, max_value=2**62)
    account = forms.IntegerField(required=False, min_value=1, max_value=2**62)
    number = forms.CharField(required=False, max_length=60)
    code = forms.CharField(required=False, max_length=40)
    direction = forms.ChoiceField(
        required=False, choices=[(Direction.INBOUND, ""), (Direction.OUTBOUND, "")]
    )


class ChoiceForm(forms.Form):
    """Whose call it is: one of the candidates, or somebody new."""

    customer = forms.IntegerField(required=False, min_value=1, max_value=2**62)
    new = forms.BooleanField(required=False)


class LinesForm(forms.Form):
    """What has been typed about a call, a field a line."""

    request = _line()
    course = _line()
    answer = _line()
    next = _line()
    # A page from before the four lines, still open in the midst of a call, has one text.
    text = _line()
    notes = _line()

    def lines(self) -> CallLines:
        data = self.cleaned_data
        lines = CallLines.from_json(data)
        former = data.get("text") or data.get("notes") or ""
        return lines if lines.written or not former else CallLines(course=former)


class DraftForm(LinesForm):
    version = forms.IntegerField(min_value=0, max_value=2**31 - 1)


class WrapUpDraftForm(forms.Form):
    """What has been chosen so far; a draft is refused only for what no form can hold."""

    outcome = forms.ChoiceField(required=False, choices=CallOutcome.choices)
    reason = forms.IntegerField(required=False, min_value=1, max_value=2**62)
    close_inquiry = forms.BooleanField(required=False)
    follow_up = forms.CharField(required=False, max_length=300, strip=False)
    follow_up_at = forms.RegexField(
        r"^\d{4,6}-\d\d-\d\dT\d\d:\d\d(:\d\d)?$", required=False
    )


class WrapUpForm(LinesForm):
    outcome = forms.ChoiceField(
        label=_("Outcome"),
        choices=CallOutcome.choices,
        error_messages={"required": _("Choose how the call ended.")},
    )
    reason = forms.ModelChoiceField(
        label=_("Contact reason"),
        queryset=ContactReason.objects.none(),
        required=False,
        error_messages={"invalid_choice": _("Choose a contact reason of the list.")},
    )
    close_inquiry = forms.BooleanField(label=_("Close the inquiry"), required=False)
    follow_up = forms.CharField(label=_("Follow-up"), required=False, max_length=300)
    follow_up_at = forms.DateTimeField(
        label=_("Due"),
        required=False,
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"],
        error_messages={"invalid": _("Give date and time of the follow-up.")},
    )

    def __init__(self, data: Any = None, *, call: Call) -> None:
        inquiry = call.inquiry
        self.has_reason = bool(inquiry and inquiry.reason_id)
        initial = {
            "outcome": call.outcome,
            "reason": call.reason_id or (inquiry.reason_id if inquiry else None),
        }
        super().__init__(data, initial=initial)
        reasons = self.fields["reason"]
        assert isinstance(reasons, forms.ModelChoiceField)
        reasons.queryset = ContactReason.objects.filter(account_id=call.account_id)

    def values(self) -> dict[str, Any]:
        """Its fields as they were submitted."""
        return {name: self[name].value() for name in WrapUpDraftForm.base_fields}

    def clean_follow_up_at(self) -> datetime | None:
        at: datetime | None = self.cleaned_data["follow_up_at"]
        return within_reach(at)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        due, text = data.get("follow_up_at"), data.get("follow_up")
        is_call_back = data.get("outcome") == CallOutcome.CALL_BACK
        if (text or is_call_back) and due is None and "follow_up_at" not in self.errors:
            self.add_error("follow_up_at", _("Say when it is due."))
        if due is not None and due <= timezone.now():
            self.add_error("follow_up_at", _("Choose a time in the future."))
        if data.get("close_inquiry") and not (data.get("reason") or self.has_reason):
            self.add_error("reason", _("Choose a contact reason before closing."))
        return data

    def wrap_up(self) -> WrapUp:
        data = self.cleaned_data
        return WrapUp(
            outcome=data["outcome"],
            lines=self.lines(),
            reason=data["reason"],
            close_inquiry=data["close_inquiry"],
            follow_up=data["follow_up"],
            follow_up_at=data["follow_up_at"],
        )
