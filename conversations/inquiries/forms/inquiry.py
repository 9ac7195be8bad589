"""What members type into the desk, checked."""

from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from agentdesk.accounts.forms.person_select import PersonSelect
from agentdesk.accounts.models import Membership
from conversations.choices import OPEN_STATUSES, InquiryStatus
from conversations.inquiries.actions.hand_over import LONGEST_NOTE
from conversations.inquiries.selectors.at_work import AtWork, at_work
from conversations.inquiries.selectors.newest_message import newest_pk
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


def reasons_of(inquiry: Inquiry) -> Any:
    """Reasons in use, in tree order; the tree is at most three deep."""
    return (
        ContactReason.objects.filter(
            account_id=inquiry.account_id, retired_at__isnull=True
        )
        .select_related("parent__parent")
        .order_by("parent__parent__position", "parent__position", "position", "pk")
    )


class ReasonForm(forms.Form):
    reason = ReasonField(
        queryset=ContactReason.objects.none(),
        required=False,
        label=_("Contact reason"),
        empty_label=_("No reason"),
        widget=forms.Select(attrs={"autofocus": True}),
    )

    def __init__(self, *args: Any, inquiry: Inquiry, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"reason": inquiry.reason_id})
        super().__init__(*args, **kwargs)
        self.fields["reason"].queryset = reasons_of(inquiry)  # type: ignore[attr-defined]  # a ReasonField


class CloseForm(ReasonForm):
    """Closing asks for a contact reason and, if wanted, a summary."""

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
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    seen = forms.IntegerField(
        required=False, min_value=0, max_value=2**62, widget=forms.HiddenInput()
    )
    field_order = ["reason", "status", "summary"]

    def __init__(self, *args: Any, inquiry: Inquiry, **kwargs: Any) -> None:
        super().__init__(*args, inquiry=inquiry, **kwargs)
        self.conversation = inquiry.conversation
        self.fields["reason"].required = True
        self.fields["reason"].empty_label = _("Choose")  # type: ignore[attr-defined]  # a ReasonField
        self.fields["seen"].initial = newest_pk(self.conversation)

    def refuse(self, sentence: str) -> None:
        """Say it in the dialog, which from now on has seen what has come."""
        self.add_error(None, sentence)
        seen = {self.add_prefix("seen"): newest_pk(self.conversation)}
        self.data = {**self.data.dict(), **seen}  # type: ignore[attr-defined]  # a QueryDict


class StatusForm(forms.Form):
    status = forms.ChoiceField(
        choices=[(status.value, status.label) for status in OPEN_STATUSES]
    )


class OwnerField(forms.ModelChoiceField):  # type: ignore[type-arg]  # not generic at run time
    """Members, each with what they have to do now and whether they are there."""

    @cached_property
    def at_work(self) -> dict[int, AtWork]:
        return at_work(list(self.queryset))

    def label_from_instance(self, obj: Membership) -> str:
        return f"{obj.user.name} ({self.at_work[obj.pk].words})"


class AssignForm(forms.Form):
    owner = OwnerField(
        queryset=Membership.objects.none(),
        required=False,
        label=_("Owner"),
        empty_label=_("No owner"),
        widget=PersonSelect(attrs={"autofocus": True}),
    )
    note = forms.CharField(
        required=False,
        max_length=LONGEST_NOTE,
        label=_("Note for the new owner"),
        help_text=_("Stands in the thread as an internal note; the customer never sees it."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *args: Any, inquiry: Inquiry, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        members = Membership.objects.active().filter(account_id=inquiry.account_id)
        self.fields["owner"].queryset = members.select_related("user").order_by(  # type: ignore[attr-defined]  # a ModelChoiceField
            "user__family_name", "user__given_name", "pk"
        )


class SnoozeForm(forms.Form):
    """Until a preset moment, or one of the member's own choosing."""

    until = forms.ChoiceField(
        choices=[
            ("hour", _("In an hour")),
            ("three_hours", _("In three hours")),
            ("tomorrow", _("Tomorrow 9:00")),
            ("monday", _("Next Monday 9:00")),
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

    def moment(self) -> datetime:
        """When it comes back, in the member's time zone; a past one stays past."""
        now = timezone.localtime()
        match self.cleaned_data["until"]:
            case "hour":
                return now + timedelta(hours=1)
            case "three_hours":
                return now + timedelta(hours=3)
            case "tomorrow":
                return _morning(now, 1)
            case "monday":
                return _morning(now, 7 - now.weekday())
            case _:
                chosen: datetime | None = self.cleaned_data["at"]
                return chosen or now


def _morning(now: datetime, days: int) -> datetime:
    day = now.date() + timedelta(days=days)
    return datetime.combine(day, time(9), tzinfo=now.tzinfo)
