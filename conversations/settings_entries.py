"""The pages conversations adds to the navigation of settings."""

from django.utils.translation import gettext_lazy as _

from agentdesk.web.settings_pages import SettingsEntry

WORK = _("Work")
INBOXES = _("Inboxes")

ENTRIES = (
    SettingsEntry("desk_settings:queue", _("Queue"), "inbox", WORK, 210),
    SettingsEntry(
        "desk_settings:reasons", _("Contact reasons"), "list-tree", WORK, 220
    ),
    SettingsEntry(
        "desk_settings:webchats", _("Web chat"), "message-circle", INBOXES, 310
    ),
    SettingsEntry("desk_settings:phones", _("Phone"), "phone", INBOXES, 320),
)
