"""What members type into the desk, checked."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from agentdesk.accounts.models import ClientAccount, Membership
from conversations.choices import OPEN_STATUSES, InquiryStatus
from conversations.inquiries.actions.hand_over import LONGEST_NOTE
from conversations.inquiries.selectors.newest_message import newest_pk
from conversations.inquiries.selectors.snooze_choices import preset_moment
from conversations.models import ContactReason, Inquiry

FURTHEST = timedelta(days=5 * 366)


def within_reach(at: datetime | None) -> datetime | None:
    """`at`, unless it is so far off that some time zone could not show it."""
    if at is not None and not abs(at - timezone.now()) < FURTHEST:
        raise forms.ValidationError(_("Choose a time within the next five years."))
    return at


class ReasonField(forms.ModelChoiceField):  # type: ignore[type-arg]  # not generic at run time
    """The account's tree of contact reasons, children behind their parent."""

    def label_from_instance(self, obj: ContactReason) -> str:
        names = [obj.name]
        parent = obj.parent
        while parent is not None:
            names.insert(0, parent.name)
            parent = parent.parent
        return " › ".join(names)


def reasons_of(account_id: int) -> QuerySet[ContactReason]:
    """Reasons in use."""
    rows = ContactReason.objects.filter(account_id=account_id)
    return rows.filter(retired_at__isnull=True)


class ReasonForm(forms.Form):
    reason = forms.ModelChoiceField(
        queryset=ContactReason.objects.none(),
        required=False,
        label=_("Contact reason"),
        error_messages={"required": _("Choose a contact reason.")},
    )

    def __init__(self, *args: Any, account_id: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].queryset = reasons_of(account_id)  # type: ignore[attr-defined]  # a ModelChoiceField


class ClosingForm(ReasonForm):
    """How an inquiry ended: with a contact reason and, if wanted, a summary."""

    status = forms.ChoiceField(
        label=_("Result"),
        choices=[
            (InquiryStatus.DONE.value, InquiryStatus.DONE.label),
            (InquiryStatus.DISMISSED.value, InquiryStatus.DISMISSED.label),
        ],
        initial=InquiryStatus.DONE.value,
    )
    summary = forms.CharField(
        label=pgettext_lazy("inquiry", "Summary"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 1}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].required = True


class CloseForm(ClosingForm):
    """The same of an inquiry as it stands on the screen."""

    seen = forms.IntegerField(
        required=False, min_value=0, max_value=2**62, widget=forms.HiddenInput()
    )

    def __init__(self, *args: Any, inquiry: Inquiry, **kwargs: Any) -> None:
        super().__init__(*args, account_id=inquiry.account_id, **kwargs)
        self.conversation = inquiry.conversation
        self.fields["seen"].initial = newest_pk(self.conversation)

    def refuse(self, sentence: str) -> None:
        """Say it in the picker, which from now on has seen what has come."""
        self.add_error(None, sentence)
        seen = {self.add_prefix("seen"): newest_pk(self.conversation)}
        self.data = {**self.data.dict(), **seen}  # type: ignore[attr-defined]  # a QueryDict


class StatusForm(forms.Form):
    status = forms.ChoiceField(
        choices=[(status.value, status.label) for status in OPEN_STATUSES]
    )


class AssignForm(forms.Form):
    owner = forms.ModelChoiceField(
        queryset=Membership.objects.none(), required=False, label=_("Owner")
    )
    note = forms.CharField(
        required=False,
        max_length=LONGEST_NOTE,
        label=_("Note for the new owner"),
    )

    def __init__(self, *args: Any, inquiry: Inquiry, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        members = Membership.objects.active().filter(account_id=inquiry.account_id)
        self.fields["owner"].queryset = members.select_related("user")  # type: ignore[attr-defined]  # a ModelChoiceField


class SnoozeForm(forms.Form):
    """Until a preset moment, or one of the member's own choosing."""

    until = forms.ChoiceField(
        choices=[
            ("tomorrow", _("Tomorrow morning")),
            ("hour", _("In an hour")),
            ("three_hours", _("In three hours")),
            ("monday", _("Next Monday")),
            ("at", _("At a time of your choice")),
        ],
        label=_("Snooze until"),
        widget=forms.Select(attrs={"autofocus": True}),
    )
    at = forms.DateTimeField(
        required=False,
        label=_("Date and time"),
        widget=forms.DateTimeInput(
            attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"
        ),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"],
    )

    def clean_at(self) -> datetime | None:
        at: datetime | None = self.cleaned_data["at"]
        return within_reach(at)

    def moment(self, account: ClientAccount) -> datetime:
        """When it comes back, by the hours of its account; a past one stays past."""
        now = timezone.localtime()
        until = self.cleaned_data["until"]
        if until == "at":
            chosen: datetime | None = self.cleaned_data["at"]
            return chosen or now
        return preset_moment(until, account, now)
