"""How the audit page writes the fields and values of this app."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from conversations.choices import CallOutcome, CallState, Channel, InquiryStatus

FIELDS: dict[str, str | Promise] = {
    "channel": _("Channel"),
    "outcome": _("Outcome"),
    "holder": _("Owner"),
}
VALUES: dict[str, dict[str, str | Promise]] = {
    "channel": dict(Channel.choices),
    "status": dict(InquiryStatus.choices),
    "state": dict(CallState.choices),
    "outcome": dict(CallOutcome.choices),
}
