"""For operators of the installation: who signs in where. Members use the desk's pages."""

from django.contrib import admin
from django.db import transaction
from django.forms import ModelForm
from django.http import HttpRequest

from agentdesk.accounts.actions.sign_out_everywhere import end_sessions
from agentdesk.accounts.models import ClientAccount, Membership, User
from agentdesk.audit import log


@admin.register(User)
class UserAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # not generic at run time
    list_display = ("email", "family_name", "given_name", "is_active", "is_staff")
    search_fields = ("email", "family_name", "given_name")
    fields = (
        "email",
        "family_name",
        "family_kana",
        "given_kana",
        "given_name",
        "language",
        "time_zone",
        "is_active",
        "is_staff",
        "last_login",
    )
    readonly_fields = ("email", "last_login")

    def save_model(
        self, request: HttpRequest, obj: User, form: "ModelForm[User]", change: bool
    ) -> None:
        """Logged like every change; whoever may not sign in any more is out at once."""
        with transaction.atomic():
            super().save_model(request, obj, form, change)
            after = {name: form.cleaned_data[name] for name in form.changed_data}
            actor = request.user if isinstance(request.user, User) else None
            log.record("user.changed", obj, actor=actor, after=after)
            if not obj.is_active:
                end_sessions(obj)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(
        self, request: HttpRequest, obj: User | None = None
    ) -> bool:
        return False


class ReadOnlyAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # not generic at run time
    """Rows to look at: they change in the desk, where rules and the log are."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(
        self, request: HttpRequest, obj: object | None = None
    ) -> bool:
        return False

    def has_delete_permission(
        self, request: HttpRequest, obj: object | None = None
    ) -> bool:
        return False


@admin.register(ClientAccount)
class ClientAccountAdmin(ReadOnlyAdmin):
    list_display = ("name", "slug", "sign_in_protection", "created_at")
    search_fields = ("name", "slug")


@admin.register(Membership)
class MembershipAdmin(ReadOnlyAdmin):
    list_display = ("user", "account", "role", "is_active")
    list_select_related = ("user", "account")
    search_fields = ("user__email", "account__name")
