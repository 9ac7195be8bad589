"""How the audit page writes the actions, fields and values of this app."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from conversations.choices import (
    CallOutcome,
    CallState,
    Channel,
    FailureCode,
    InboxState,
    InquiryStatus,
)
from conversations.registration.kinds import channel_kinds
from conversations.replies.checks.warning import WarningKind
from customers.choices import ClaimProof, IdentityKind

NOUNS: dict[str, str | Promise] = {
    "account_link": _("Link with the shop"),
    "claim": _("Stated contact"),
    "event": _("Provider event"),
    "reply": _("Reply"),
}
VERBS: dict[str, str | Promise] = {
    "held_back": _("held back"),
    "pinned": _("pinned"),
    "reacted": _("reacted to"),
    "cancelled": _("scheduled sending cancelled"),
    "scheduled": _("scheduled for later"),
    "sent_now": _("sent before its time"),
    "unpinned": _("unpinned"),
    "unreacted": _("reaction taken back"),
    "unscheduled": _("scheduled sending taken back to edit"),
    "accepted": _("taken as sent"),
    "asked": _("asked for"),
    "code_refused": _("wrong confirmation code"),
    "code_sent": _("confirmation code sent"),
    "check_failed": _("connection check failed"),
    "checked": _("connection checked"),
    "connection_changed": _("connection changed"),
    "customer.joined": _("joined with another customer"),
    "continued": _("gone on in another conversation"),
    "deleted": _("deleted"),
    "discarded": _("discarded"),
    "earlier_forgotten": _("earlier secrets voided"),
    "heard_again": _("heard again"),
    "found": _("found at the provider"),
    "notice": _("notice of the provider"),
    "parted": _("told apart from another customer"),
    "partial": _("partly live settings changed"),
    "proved": _("confirmed"),
    "read": _("read"),
    "recorded": _("recorded"),
    "refuted": _("marked as not theirs"),
    "resent": _("sent again"),
    "run_again": _("run again"),
    "silent": _("unusually quiet"),
    "state": _("state changed"),
}
FIELDS: dict[str, str | Promise] = {
    "automatic": _("Automatic"),
    "away": _("Away message"),
    "channel": _("Channel"),
    "code": _("Reason"),
    "fields": _("Fields"),
    "findings": _("Still to be done"),
    "greeting": _("Greeting"),
    "holder": _("Owner"),
    "warnings": _("Warnings"),
    "folder": _("Folder"),
    "shortcut": _("Shortcut"),
    "body": pgettext_lazy("template", "Text"),
    "channels": _("Channels"),
    "lines": _("Words"),
    "place": _("Place"),
    "hours": _("Hours"),
    "inbox": _("Inbox"),
    "members": _("Members"),
    "outcome": _("Outcome"),
    "partial_hours": _("Hours while partly live"),
    "proof": _("Proof"),
    "queue": _("Queue"),
    "sign": pgettext_lazy("reaction", "Sign"),
    "signature": _("Signature"),
    "since": _("Since"),
    "state": _("State"),
    "why": _("Reason"),
}
VALUES: dict[str, dict[str, str | Promise]] = {
    "channel": dict(Channel.choices),
    "channels": dict(Channel.choices),
    "warnings": dict(WarningKind.choices),
    "code": dict(FailureCode.choices),
    "status": dict(InquiryStatus.choices),
    "state": {**dict(CallState.choices), **dict(InboxState.choices)},
    "outcome": dict(CallOutcome.choices),
    "proof": dict(ClaimProof.choices),
    "kind": {
        **dict(IdentityKind.choices),
        **{kind.value: kind.label for kind in channel_kinds()},
    },
    "source": {
        **dict(Channel.choices),
        "desk": pgettext_lazy("source", "Entered by a member"),
        "orders": pgettext_lazy("source", "Order file"),
        "passed_on": pgettext_lazy("source", "Number of another person before"),
        "shop": pgettext_lazy("source", "The shop’s sign-in"),
    },
}
