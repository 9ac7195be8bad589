"""What stands in the log, in the reader's words: actions, fields and values.

An action is `noun.verb`. Apps may register further words when they start.
"""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from agentdesk.accounts.roles import Role

Words = dict[str, str | Promise]
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d\S*$")

NOUNS: Words = {
    "user": gettext_lazy("Sign-in"),
    "member": gettext_lazy("Member"),
    "invitation": gettext_lazy("Invitation"),
    "account": gettext_lazy("Client company"),
    "hours": gettext_lazy("Opening hours"),
    "closed_day": gettext_lazy("Closed day"),
    "customer": gettext_lazy("Customer"),
    "identity": gettext_lazy("Contact details"),
    "rank": gettext_lazy("Member rank"),
    "attribute": gettext_lazy("Free attribute"),
    "order": gettext_lazy("Order"),
    "store": gettext_lazy("Store"),
    "inquiry": gettext_lazy("Inquiry"),
    "message": gettext_lazy("Message"),
    "note": gettext_lazy("Internal note"),
    "file": gettext_lazy("File"),
    "call": gettext_lazy("Call"),
    "conversation": gettext_lazy("Conversation"),
    "follow_up": gettext_lazy("Follow-up"),
    "pickup": gettext_lazy("Pick-up code"),
    "pickup_code": gettext_lazy("Pick-up code"),
    "lease": gettext_lazy("Right to answer"),
    "reason": gettext_lazy("Contact reason"),
    "template": gettext_lazy("Template"),
    "template_folder": gettext_lazy("Folder of templates"),
    "word_list": gettext_lazy("Words to avoid"),
    "queue": gettext_lazy("Queue"),
    "inbox": gettext_lazy("Inbox"),
    "webchat": gettext_lazy("Web chat"),
    "api_key": gettext_lazy("API key"),
    "account_link": gettext_lazy("Link with the shop's account"),
    "audit": gettext_lazy("Audit log"),
}
VERBS: Words = {
    "added": gettext_lazy("added"),
    "answered": gettext_lazy("answered"),
    "asked": gettext_lazy("asked for"),
    "assigned": gettext_lazy("assigned"),
    "broken": gettext_lazy("taken over"),
    "changed": gettext_lazy("changed"),
    "closed": gettext_lazy("closed"),
    "confirmed": gettext_lazy("identity confirmed"),
    "code_failed": gettext_lazy("wrong code"),
    "created": gettext_lazy("created"),
    "customer_chosen": gettext_lazy("customer chosen"),
    "deactivated": gettext_lazy("deactivated"),
    "done": gettext_lazy("done"),
    "edited": gettext_lazy("edited"),
    "ended": gettext_lazy("ended"),
    "event": gettext_lazy("reported by the telephone system"),
    "exported": gettext_lazy("exported"),
    "extension_changed": gettext_lazy("extension changed"),
    "fetched_again": gettext_lazy("fetched again"),
    "finished": gettext_lazy("finished"),
    "forwarded": gettext_lazy("forwarded"),
    "found": gettext_lazy("found by asking the provider"),
    "handed_over": gettext_lazy("handed over"),
    "held": gettext_lazy("put on hold"),
    "issued": gettext_lazy("issued"),
    "joined": gettext_lazy("joined"),
    "moved": gettext_lazy("moved"),
    "named": gettext_lazy("named"),
    "noted": gettext_lazy("note written"),
    "notice": gettext_lazy("reported by the provider"),
    "number_declined": gettext_lazy("number not kept"),
    "opened": gettext_lazy("opened"),
    "original_read": gettext_lazy("original read"),
    "password_changed": gettext_lazy("password changed"),
    "password_reset": gettext_lazy("password reset"),
    "push_switched_off": gettext_lazy("notifications on a device switched off"),
    "push_switched_on": gettext_lazy("notifications on a device switched on"),
    "reactivated": gettext_lazy("reactivated"),
    "reason": gettext_lazy("contact reason changed"),
    "recovery_codes_renewed": gettext_lazy("recovery codes renewed"),
    "redeemed": gettext_lazy("used"),
    "refused": gettext_lazy("refused"),
    "removed": gettext_lazy("removed"),
    "renamed": gettext_lazy("renamed"),
    "reopened": gettext_lazy("reopened"),
    "recovery_link_issued": gettext_lazy("way back in made on the server"),
    "reset_link_issued": gettext_lazy("link for a new password made"),
    "restored": gettext_lazy("restored"),
    "retired": gettext_lazy("retired"),
    "revoked": gettext_lazy("revoked"),
    "rotated": gettext_lazy("renewed"),
    "second_step_added": gettext_lazy("two-step sign-in set up"),
    "second_step_removed": gettext_lazy("two-step sign-in removed"),
    "secret_rotated": gettext_lazy("signing secret renewed"),
    "sent": gettext_lazy("sent"),
    "sign_in_failed": gettext_lazy("failed"),
    "signed_in": gettext_lazy("signed in"),
    "signed_out": gettext_lazy("signed out"),
    "signed_out_everywhere": gettext_lazy("signed out everywhere"),
    "snoozed": gettext_lazy("snoozed"),
    "started": gettext_lazy("started"),
    "status": gettext_lazy("status changed"),
    "transferred": gettext_lazy("passed on to a colleague"),
    "unlocked": gettext_lazy("unlocked"),
    "unheld": gettext_lazy("taken off hold"),
    "verified": pgettext_lazy("audit", "verified"),
    "warned": gettext_lazy("sent in spite of a warning"),
    "undone": gettext_lazy("undone"),
    "withdrawn": gettext_lazy("withdrawn before it left"),
    "woken": gettext_lazy("back from snooze"),
}
FIELDS: Words = {
    "active": gettext_lazy("Active"),
    "call": gettext_lazy("Call"),
    "colour": gettext_lazy("Colour"),
    "conversation": gettext_lazy("Conversation"),
    "customer": gettext_lazy("Customer"),
    "day": pgettext_lazy("audit", "Day"),
    "due": gettext_lazy("Due"),
    "email": gettext_lazy("Email address"),
    "extension": gettext_lazy("Extension"),
    "family_name": gettext_lazy("Family name"),
    "given_name": gettext_lazy("Given name"),
    "family_kana": gettext_lazy("Family name, kana"),
    "given_kana": gettext_lazy("Given name, kana"),
    "forwarded": gettext_lazy("forwarded"),
    "handed_over": gettext_lazy("Handed over"),
    "kind": pgettext_lazy("audit", "Kind"),
    "language": gettext_lazy("Language"),
    "locale": gettext_lazy("Language of its customers"),
    "member": gettext_lazy("Member"),
    "name": gettext_lazy("Name"),
    "number": gettext_lazy("Phone number"),
    "owner": gettext_lazy("Owner"),
    "phone_number": gettext_lazy("Telephone number shown to customers"),
    "phone_region": gettext_lazy("Phone region"),
    "position": gettext_lazy("Position"),
    "prefix": pgettext_lazy("audit", "Begins with"),
    "reason": gettext_lazy("Contact reason"),
    "reference": gettext_lazy("Reference"),
    "reopen_hours": gettext_lazy("Reopen window (hours)"),
    "role": gettext_lazy("Role"),
    "second_step": gettext_lazy("Two-step sign-in"),
    "sign_in_protection": gettext_lazy("Members must use two-step sign-in"),
    "slug": gettext_lazy("Short name in addresses"),
    "source": pgettext_lazy("audit", "Where from"),
    "density": gettext_lazy("Density of the list"),
    "sounds": gettext_lazy("Sounds"),
    "desktop_notifications": gettext_lazy("Desktop notifications"),
    "status": gettext_lazy("Status"),
    "theme": gettext_lazy("Theme"),
    "time_zone": gettext_lazy("Time zone"),
    "to": gettext_lazy("To"),
    "until": gettext_lazy("Until"),
    "value": gettext_lazy("Value"),
    "verified": pgettext_lazy("audit", "Confirmed"),
    "with": pgettext_lazy("audit", "Together with"),
}
VALUES: dict[str, Words] = {
    "role": dict(Role.choices),
    "second_step": {
        "totp": gettext_lazy("Authenticator app"),
        "webauthn": gettext_lazy("Passkey"),
    },
}


def register(
    *,
    nouns: Words | None = None,
    verbs: Words | None = None,
    fields: Words | None = None,
    values: Mapping[str, Words] | None = None,
) -> None:
    NOUNS.update(nouns or {})
    VERBS.update(verbs or {})
    FIELDS.update(fields or {})
    VALUES.update(values or {})


def action_name(action: str) -> str:
    """user.signed_in → Sign-in: signed in. A word nobody has named stays as it is.

    Where one verb means two things, the whole action has words of its own.
    """
    noun, _dot, verb = action.partition(".")
    done = VERBS.get(action, VERBS.get(verb, verb))
    return str(
        format_lazy("{}: {}", NOUNS.get(noun, noun), done)
        if verb
        else NOUNS.get(noun, noun)
    )


def target_name(label: str) -> str:
    """Rows without a name of their own are logged as noun and number: `call 98`."""
    noun, _space, number = label.partition(" ")
    return f"{NOUNS[noun]} {number}" if noun in NOUNS and number.isdigit() else label


def field_name(key: str) -> str:
    return str(FIELDS.get(key, key))


def value_name(key: str, value: Any) -> str:
    """A value of the log as words: yes and no, a role's name, lists with commas."""
    if value is None or value in ("", [], {}):
        return ""
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, list):
        return ", ".join(value_name(key, item) for item in value)
    if isinstance(value, dict):
        pairs = (f"{field_name(k)} {value_name(k, v)}" for k, v in value.items())
        return ", ".join(pairs)
    return str(VALUES.get(key, {}).get(str(value)) or _readable(str(value)))


def _readable(text: str) -> str:
    """A moment in the reader's time zone; any other text as it is."""
    if not _MOMENT.match(text):
        return text
    try:
        moment = datetime.fromisoformat(text)
        return date_format(timezone.localtime(moment), "SHORT_DATETIME_FORMAT")
    except ValueError:
        return text
