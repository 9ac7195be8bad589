"""How the thread writes things: linked text, and sentences for system lines."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django import template
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from conversations.choices import CallOutcome, InquiryStatus, ThreadEvent
from conversations.contents.circumstances import Referral
from conversations.contents.system_line import Lead, SystemLine
from conversations.desk.selectors.workspace import Viewer
from conversations.models import Message
from customers.people.text import display_phone

register = template.Library()

_ADDRESS = re.compile(r"https?://[!#-;=?-~]{1,2000}")
_TRAILING = ".,;:!?)]}'"
# What a human has to look at, by the reason that the line gives.
_TO_CHECK = {
    "shop_id_taken": gettext_lazy(
        "Please check: signed in to the shop as %(value)s, who is another customer here"
    ),
    "told_apart": gettext_lazy(
        "Please check: signed in to the shop as %(value)s, whom a colleague has called "
        "somebody else"
    ),
    "address_taken": gettext_lazy(
        "Please check: %(before)s goes on as %(value)s, and both are customers here"
    ),
    "states_other": gettext_lazy(
        "Please check: states %(value)s, which is another customer's contact"
    ),
    "stated_by_other": gettext_lazy(
        "Please check: %(value)s was also stated by another customer"
    ),
    "code_right": gettext_lazy(
        "Please check: the code sent to %(value)s came back, and it is another "
        "customer's contact"
    ),
    "number_passed_on": gettext_lazy(
        "Please check: %(value)s is now another person's number"
    ),
    "number_taken_over": gettext_lazy(
        "Please check: %(value)s was another customer's number before"
    ),
    "other_shop_id": gettext_lazy(
        "Please check: signed in to the shop as %(value)s, but is known as %(other)s"
    ),
}

# Of these the line carries its claim until it is decided.
_DISPUTED = frozenset({"states_other", "stated_by_other", "code_right"})
_MEMBERSHIP = {
    "joined": pgettext_lazy("membership", "begun"),
    "left": pgettext_lazy("membership", "ended"),
    "renewed": pgettext_lazy("membership", "renewed"),
}


@register.filter
def linked(text: str) -> SafeString:
    """`text` escaped, its web addresses clickable. Japanese right behind one is no part of it."""
    parts, end = [], 0
    for match in _ADDRESS.finditer(text):
        address = match[0].rstrip(_TRAILING)
        parts.append(conditional_escape(text[end : match.start()]))
        parts.append(
            format_html(
                '<a href="{}" target="_blank" rel="noopener noreferrer nofollow">{}</a>',
                address,
                address,
            )
        )
        end = match.start() + len(address)
    parts.append(conditional_escape(text[end:]))
    return mark_safe("".join(parts))  # noqa: S308  # every part is escaped above


@register.filter
def record_sentence(message: Message) -> str:
    """What a system line tells, in the reader's language."""
    line = SystemLine.of(message)
    before, after = line.before, line.after
    reference = message.inquiry.reference if message.inquiry else ""
    match message.event:
        case ThreadEvent.OPENED:
            return _("Inquiry %(reference)s opened") % {"reference": reference}
        case ThreadEvent.REOPENED:
            return _("Inquiry %(reference)s reopened") % {"reference": reference}
        case ThreadEvent.CLOSED:
            return _("Inquiry %(reference)s closed: %(status)s, %(reason)s") % {
                "reference": reference,
                "status": _status(after.get("status")),
                "reason": after.get("reason") or _("no reason"),
            }
        case ThreadEvent.ASSIGNED:
            return _("Owner: %(before)s → %(after)s") % {
                "before": before.get("owner") or _("nobody"),
                "after": after.get("owner") or _("nobody"),
            }
        case ThreadEvent.STATUS:
            return f"{_status(before.get('status'))} → {_status(after.get('status'))}"
        case _:
            return _other_sentence(message, after)


def _other_sentence(message: Message, after: Mapping[str, Any]) -> str:
    match message.event:
        case ThreadEvent.REASON:
            return _("Contact reason: %(reason)s") % {
                "reason": after.get("reason") or _("none")
            }
        case ThreadEvent.SNOOZED:
            return _("Snoozed until %(time)s") % {"time": _moment(after.get("until"))}
        case ThreadEvent.IDENTITY_ADDED:
            value = address_of(str(after.get("value", "")), message)
            return _("Contact added: %(value)s") % {"value": value}
        case ThreadEvent.LINKED:
            text = _("Linked with shop customer %(value)s")
            return text % {"value": after.get("value", "")}
        case ThreadEvent.CONTINUED:
            return _("Inquiry %(before)s goes on as %(after)s") % {
                "before": message.inquiry.reference if message.inquiry else "",
                "after": after.get("reference", ""),
            }
        case ThreadEvent.TO_CHECK if after.get("reason") in _TO_CHECK:
            return str(_TO_CHECK[after["reason"]] % after)
        case _:
            return _happening(message, after)


def _happening(message: Message, after: Mapping[str, Any]) -> str:
    """What the customer or the provider did, and the word that tells more of it."""
    what, more = str(message.get_event_display()), _more(message, after)
    return _("%(what)s: %(more)s") % {"what": what, "more": more} if more else what


def _more(message: Message, after: Mapping[str, Any]) -> str:
    match message.event:
        case ThreadEvent.POSTBACK:
            more = _pressed(after)
        case ThreadEvent.MEMBERSHIP:
            more = str(_MEMBERSHIP.get(str(after.get("kind")), ""))
        case ThreadEvent.BEACON:
            more = after.get("beacon", "")
        case ThreadEvent.CLAIM_PROVED:
            more = address_of(str(after.get("value", "")), message)
        case ThreadEvent.VIDEO_PLAYED:
            more = after.get("video", "")
        case ThreadEvent.REFERRED:
            referral = Referral.in_data(after)
            more = referral.words if referral else ""
        case ThreadEvent.ADDRESS_CHANGED:
            more = f"{after.get('before', '')} → {after.get('value', '')}"
        case ThreadEvent.TO_CHECK:
            more = _to_check(after)
        case ThreadEvent.MEMBER_JOINED | ThreadEvent.MEMBER_LEFT:
            more = " ・ ".join(str(name) for name in after.get("names", []))
        case _:
            more = ""
    return str(more or "")


def _pressed(after: Mapping[str, Any]) -> str:
    """The button's words, else what it stands for; and the date that was picked."""
    names = ("label", "text", "value", "data")
    button = next((after[name] for name in names if after.get(name)), "")
    params = after.get("params") or {}
    picked = [params.get(name) for name in ("date", "time", "datetime")]
    return " ・ ".join(str(one) for one in (button, *picked) if one)


def _to_check(after: Mapping[str, Any]) -> str:
    """Why somebody should look: a gettext id, whom it is about, in whose words."""
    reason = _(str(after["reason"])) if after.get("reason") else ""
    parts = (reason, after.get("value"), after.get("detail"))
    return " ・ ".join(str(one) for one in parts if one)


def _status(value: str | None) -> str:
    return str(InquiryStatus(value).label) if value in InquiryStatus.values else ""


def _moment(value: str | None) -> str:
    if not value:
        return ""
    moment = timezone.localtime(datetime.fromisoformat(value))
    return date_format(moment, "SHORT_DATETIME_FORMAT")


@register.filter
def phone_of(number: str, message: Message) -> str:
    """A number of a phone note as it is written where the company is."""
    return display_phone(number, message.conversation.account.phone_region)


@register.filter
def address_of(value: str, message: Message) -> str:
    """Any address: a phone number is kept with its +, which no other begins with."""
    return phone_of(value, message) if value.startswith("+") else value


@register.filter
def is_to_check(message: Message) -> bool:
    """Whether somebody still has to look: what was decided keeps its words, no warning."""
    lead = Lead.of(message) or Lead()
    is_decided = lead.reason in _DISPUTED and lead.claim is None
    return message.event == ThreadEvent.TO_CHECK and not is_decided


@register.filter
def outcome_label(value: str) -> str:
    return str(CallOutcome(value).label) if value in CallOutcome.values else ""


@register.filter
def moment(value: str) -> datetime | None:
    """An ISO time out of a message's data, for `date` and `time`."""
    try:
        return timezone.localtime(datetime.fromisoformat(value))
    except (TypeError, ValueError):
        return None


@register.filter
def presence_words(viewers: Sequence[Viewer]) -> str:
    """Who else has the conversation open, and who of them is writing: one sentence."""
    writing = [one.user.name for one in viewers if one.is_writing]
    if writing:
        return _("%(names)s: writing") % {
            "names": pgettext("people", ", ").join(writing)
        }
    names = pgettext("people", ", ").join(one.user.name for one in viewers)
    return _("%(names)s: looking at this") % {"names": names}
