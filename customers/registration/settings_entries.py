"""The pages customers adds to the navigation of settings."""

from django.utils.translation import gettext_lazy as _

from agentdesk.web.settings_pages import SettingsEntry

CUSTOMERS = _("Customers")

ENTRIES = (
    SettingsEntry(
        "settings_customers:ranks", _("Member ranks"), "medal", CUSTOMERS, 110
    ),
    SettingsEntry(
        "settings_customers:attributes",
        _("Free attributes"),
        "list-plus",
        CUSTOMERS,
        120,
    ),
    SettingsEntry(
        "settings_customers:imports",
        _("Importing orders"),
        "file-input",
        CUSTOMERS,
        130,
    ),
)
