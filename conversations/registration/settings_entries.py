"""The pages conversations adds to the navigation of settings."""

from django.utils.translation import gettext_lazy as _

from agentdesk.web.settings_pages import SettingsEntry
from conversations.inboxes.selectors.overview import alarm_count, quarantine_count

WORK = _("Work")
INBOXES = _("Inboxes")

ENTRIES = (
    SettingsEntry("settings_desk:queue", _("Queue"), "inbox", WORK, 210),
    SettingsEntry(
        "settings_desk:reasons", _("Contact reasons"), "list-tree", WORK, 220
    ),
    SettingsEntry("settings_desk:templates", _("Templates"), "text-quote", WORK, 230),
    SettingsEntry(
        "settings_desk:sending", _("Before sending"), "mail-check", WORK, 240
    ),
    SettingsEntry(
        "settings_desk:inboxes",
        _("All inboxes"),
        "plug",
        INBOXES,
        310,
        also=("settings_desk:webchats", "settings_desk:phones"),
        count=alarm_count,
    ),
    SettingsEntry(
        "settings_desk:quarantine",
        _("Quarantine"),
        "shield-alert",
        INBOXES,
        320,
        count=quarantine_count,
    ),
)
