"""What each role may do. One table; every check in the product reads it."""

from enum import StrEnum

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Role(TextChoices):
    AGENT = "agent", _("Agent")
    SUPERVISOR = "supervisor", _("Supervisor")
    ADMIN = "admin", _("Admin")


class Permission(StrEnum):
    """A verb a member may or may not carry out in one account."""

    REPLY = "reply"
    CALL = "call"
    EDIT_CUSTOMER = "edit_customer"
    ASSIGN_SELF = "assign_self"
    ASSIGN_OTHERS = "assign_others"
    BREAK_LEASE = "break_lease"
    SEE_ALL_INBOXES = "see_all_inboxes"
    READ_AUDIT = "read_audit"
    EXPORT_AUDIT = "export_audit"
    MANAGE_SETTINGS = "manage_settings"
    MANAGE_PEOPLE = "manage_people"


_AGENT = frozenset(
    {
        Permission.REPLY,
        Permission.CALL,
        Permission.EDIT_CUSTOMER,
        Permission.ASSIGN_SELF,
        Permission.ASSIGN_OTHERS,
    }
)
_SUPERVISOR = _AGENT | {
    Permission.BREAK_LEASE,
    Permission.SEE_ALL_INBOXES,
    Permission.READ_AUDIT,
}

ROLE_PERMISSIONS: dict[str, frozenset[Permission]] = {
    Role.AGENT: _AGENT,
    Role.SUPERVISOR: _SUPERVISOR,
    Role.ADMIN: frozenset(Permission),
}
