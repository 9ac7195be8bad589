"""How the audit page writes the fields and values of this app."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from conversations.choices import CallOutcome, CallState, Channel, InquiryStatus
from conversations.sending.warning import WarningKind

FIELDS: dict[str, str | Promise] = {
    "channel": _("Channel"),
    "outcome": _("Outcome"),
    "holder": _("Owner"),
    "warnings": _("Warnings"),
    "folder": _("Folder"),
    "shortcut": _("Shortcut"),
    "body": pgettext_lazy("template", "Text"),
    "channels": _("Channels"),
    "lines": _("Words"),
    "place": _("Place"),
}
VALUES: dict[str, dict[str, str | Promise]] = {
    "channel": dict(Channel.choices),
    "channels": dict(Channel.choices),
    "warnings": dict(WarningKind.choices),
    "status": dict(InquiryStatus.choices),
    "state": dict(CallState.choices),
    "outcome": dict(CallOutcome.choices),
}
