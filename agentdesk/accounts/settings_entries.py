"""The pages accounts adds to the navigation of settings."""

from django.utils.translation import gettext_lazy as _

from agentdesk.accounts.roles import Permission
from agentdesk.web.settings_pages import SettingsEntry

COMPANY = _("Client company")

ENTRIES = (
    SettingsEntry("settings:general", _("General"), "settings-2", COMPANY, 10),
    SettingsEntry("settings:hours", _("Opening hours"), "clock", COMPANY, 20),
    SettingsEntry(
        "accounts:people", _("People"), "users", COMPANY, 30, Permission.MANAGE_PEOPLE
    ),
)
