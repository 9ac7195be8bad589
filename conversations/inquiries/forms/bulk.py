"""What is chosen in the list, and what is entered before it is changed."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.db.models import Count
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from agentdesk.accounts.forms.person_select import PersonSelect
from agentdesk.accounts.models import ClientAccount, Membership
from agentdesk.web.text import number_in
from conversations.choices import InquiryStatus
from conversations.inquiries.forms.inquiry import ReasonField
from conversations.models import ContactReason, Inquiry, Message


def chosen_numbers(values: Sequence[str]) -> dict[int, int]:
    """Of "12:7" the owner seen at each inquiry, 0 for nobody; the unreadable is left out."""
    found = {}
    for value in values:
        number, _colon, owner = value.partition(":")
        pk = number_in(number)
        if pk:
            found[pk] = number_in(owner) or 0
    return found


def accounts_of(inquiries: Sequence[Inquiry]) -> list[ClientAccount]:
    found = {one.account_id: one.account for one in inquiries}
    return sorted(found.values(), key=lambda one: (one.name, one.pk))


class BulkAssignForm(forms.Form):
    """To somebody who is a member wherever one of the inquiries is."""

    owner = forms.ModelChoiceField(
        queryset=Membership.objects.none(),
        required=False,
        label=_("Owner"),
        empty_label=_("No owner"),
        widget=PersonSelect(attrs={"autofocus": True}),
    )

    def __init__(self, data: Any = None, *, inquiries: Sequence[Inquiry]) -> None:
        super().__init__(data)
        accounts = accounts_of(inquiries)
        active = Membership.objects.active()
        everywhere = (
            active.filter(account__in=accounts)
            .order_by()
            .values("user")
            .annotate(places=Count("pk"))
            .filter(places=len(accounts))
        )
        members = active.filter(
            account=accounts[0], user__in=everywhere.values("user")
        ).select_related("user")
        self.accounts = accounts
        self.fields["owner"].queryset = members.order_by(  # type: ignore[attr-defined]  # a ModelChoiceField
            "user__family_name", "user__given_name", "pk"
        )
        if len(accounts) > 1:
            self.fields["owner"].help_text = gettext(
                "Only people who are members of every company among them."
            )

    def places(self) -> dict[int, Membership | None]:
        """The owner's place in each of the accounts."""
        owner: Membership | None = self.cleaned_data["owner"]
        if owner is None:
            return {account.pk: None for account in self.accounts}
        rows = Membership.objects.active().filter(
            user=owner.user_id, account__in=self.accounts
        )
        return {row.account_id: row for row in rows.select_related("user")}

    def words(self, count: int) -> str:
        """What has been done with that many."""
        owner: Membership | None = self.cleaned_data["owner"]
        text = ngettext(
            "%(n)s inquiry handed over. Owner: %(name)s",
            "%(n)s inquiries handed over. Owner: %(name)s",
            count,
        )
        return text % {
            "n": count,
            "name": owner.user.name if owner else gettext("nobody"),
        }


class BulkCloseForm(forms.Form):
    """One contact reason for each company among them, for each has reasons of its own."""

    status = forms.ChoiceField(
        label=_("Result"),
        choices=[
            (InquiryStatus.DONE.value, InquiryStatus.DONE.label),
            (InquiryStatus.DISMISSED.value, InquiryStatus.DISMISSED.label),
        ],
        initial=InquiryStatus.DONE.value,
    )
    seen = forms.IntegerField(
        required=False, min_value=0, max_value=2**62, widget=forms.HiddenInput()
    )

    def __init__(self, data: Any = None, *, inquiries: Sequence[Inquiry]) -> None:
        super().__init__(data)
        accounts = accounts_of(inquiries)
        reasons = (
            ContactReason.objects.filter(account__in=accounts, retired_at__isnull=True)
            .select_related("parent__parent")
            .order_by("parent__parent__position", "parent__position", "position", "pk")
        )
        for account in accounts:
            name = _("Contact reason")
            self.fields[_reason_of(account.pk)] = ReasonField(
                queryset=reasons.filter(account=account),
                label=name if len(accounts) == 1 else f"{name} ({account.name})",
                empty_label=_("Choose"),
            )
        self.order_fields([*(_reason_of(one.pk) for one in accounts), "status"])
        self.fields[_reason_of(accounts[0].pk)].widget.attrs["autofocus"] = True
        self.fields["seen"].initial = _newest()

    def reason_of(self, inquiry: Inquiry) -> ContactReason:
        reason: ContactReason = self.cleaned_data[_reason_of(inquiry.account_id)]
        return reason


def _reason_of(account_id: int) -> str:
    return f"reason_{account_id}"


def _newest() -> int:
    """The newest message there is: what comes later nobody has read who chooses now."""
    newest = Message.objects.order_by("-pk").values_list("pk", flat=True)
    return newest.first() or 0
