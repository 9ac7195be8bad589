from typing import Any

from django import forms
from django.contrib.auth import password_validation
from django.utils.translation import gettext_lazy as _

from agentdesk.accounts.forms.kana import KanaField
from agentdesk.accounts.forms.person_select import PersonSelect
from agentdesk.accounts.forms.sign_in import password_rule
from agentdesk.accounts.models import Invitation, Membership, User
from agentdesk.accounts.roles import Role
from agentdesk.web.fields import LineField


class InviteForm(forms.Form):
    role = forms.ChoiceField(label=_("Role"), choices=Role.choices)
    email = forms.EmailField(
        label=_("Email address"),
        required=False,
        help_text=_("If you give one, only this person can use the link."),
    )


class MemberForm(forms.Form):
    role = forms.ChoiceField(
        label=_("Role"),
        choices=Role.choices,
        widget=forms.Select(attrs={"autofocus": True}),
    )
    extension = LineField(
        label=_("Extension"),
        max_length=20,
        required=False,
        help_text=_("Calls to this extension pop up on this member's screen."),
    )
    family_kana = KanaField(
        label=_("Family name, kana"),
        max_length=60,
        required=False,
        help_text=_("Colleagues find this person by it, in notes and lists."),
    )
    given_kana = KanaField(label=_("Given name, kana"), max_length=60, required=False)

    @classmethod
    def values_of(cls, member: Membership) -> dict[str, str]:
        return {
            "role": member.role,
            "extension": member.extension,
            "family_kana": member.user.family_kana,
            "given_kana": member.user.given_kana,
        }


class DeactivateForm(forms.Form):
    hand_to = forms.ModelChoiceField(
        label=_("Hand their open work to"),
        queryset=Membership.objects.none(),
        required=False,
        empty_label=_("Nobody: leave it unassigned"),
        widget=PersonSelect,
    )

    def __init__(self, data: Any = None, *, member: Membership) -> None:
        super().__init__(data)
        others = Membership.objects.active().of_account(member.account)
        self.fields["hand_to"].queryset = (  # type: ignore[attr-defined]  # a ModelChoiceField
            others.exclude(pk=member.pk).select_related("user").order_by("pk")
        )


class NewPersonForm(forms.Form):
    """Who somebody is that has no sign-in yet, and how they will sign in."""

    family_name = LineField(label=_("Family name"), max_length=60)
    given_name = LineField(label=_("Given name"), max_length=60, required=False)
    family_kana = KanaField(label=_("Family name, kana"), max_length=60, required=False)
    given_kana = KanaField(label=_("Given name, kana"), max_length=60, required=False)
    email = forms.EmailField(
        label=_("Email address"),
        widget=forms.EmailInput(attrs={"autocomplete": "username"}),
    )
    password = forms.CharField(
        label=_("Password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(
        self, data: Any = None, *, invitation: Invitation | None = None
    ) -> None:
        super().__init__(data)
        self.fields["password"].help_text = password_rule()
        if invitation and invitation.email:
            self.fields["email"].initial = invitation.email
            self.fields["email"].disabled = True

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        password = given.get("password")
        if password:
            names = ("email", "family_name", "given_name")
            likeness = User(**{name: given.get(name, "") for name in names})
            try:
                password_validation.validate_password(password, likeness)
            except forms.ValidationError as error:
                self.add_error("password", error)
        return given
