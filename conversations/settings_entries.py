"""The pages conversations adds to the navigation of settings."""

from django.utils.translation import gettext_lazy as _

from agentdesk.web.settings_pages import SettingsEntry

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
        "settings_desk:webchats", _("Web chat"), "message-circle", INBOXES, 310
    ),
    SettingsEntry("settings_desk:phones", _("Phone"), "phone", INBOXES, 320),
)
