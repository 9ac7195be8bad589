"""How the thread writes a mail's people, and what is known of its sender."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import template
from django.utils.translation import gettext as _

from conversations.adapters.assurance import Assurance
from conversations.adapters.email.verdict import Verdict, assurance_of
from conversations.models import Conversation
from conversations.outbound.letter_offer import MailReply, mail_reply
from conversations.outbound.reply_option import ReplyOption

register = template.Library()
_METHODS = ("dkim", "spf", "dmarc")


@dataclass(frozen=True)
class Authenticity:
    tone: str
    label: str
    detail: str


@register.filter
def people(addresses: Sequence[Sequence[str]] | None) -> str:
    """山田 花子 <h@example.jp>, …"""
    return ", ".join(
        f"{name} <{address}>" if name and name != address else address
        for name, address in addresses or ()
    )


@register.filter
def authenticity(email: Mapping[str, Any]) -> Authenticity | None:
    """What our own mail server found; None where it says nothing."""
    auth: Mapping[str, Any] = email.get("auth", {})
    found = {name: auth[name] for name in _METHODS if auth.get(name)}
    if not found:
        return None
    detail = ", ".join(f"{name.upper()}: {result}" for name, result in found.items())
    match auth.get("sender") or _assurance_of(auth, email):
        case Assurance.FAILED:
            return Authenticity("warning", _("Sender not confirmed"), detail)
        case Assurance.CONFIRMED:
            return Authenticity("success", _("Sender confirmed"), detail)
    return Authenticity("neutral", _("Sender not checked"), detail)


def _assurance_of(auth: Mapping[str, Any], email: Mapping[str, Any]) -> Assurance:
    """Of mail that was stored before the finding itself was."""
    signer = auth.get("dkim_domain", "")
    results = {name: auth.get(name, "") for name in _METHODS}
    verdict = Verdict(**results, dkim_domains=(signer,) if signer else ())
    senders = email.get("from") or [["", ""]]
    return assurance_of(verdict, senders[0][1])


@register.simple_tag
def mail_reply_of(conversation: Conversation, option: ReplyOption) -> MailReply:
    """For the composer's fragment, wherever it is drawn."""
    return mail_reply(conversation, option)


@register.filter
def filled(names: Sequence[str] | None) -> list[str]:
    """Without those that nobody told."""
    return [one for one in names or () if one]


@register.filter
def person(pair: Sequence[str]) -> str:
    return people([pair])


@register.filter
def every_person(addresses: Sequence[Sequence[str]]) -> str:
    """As JSON, for the button that answers all."""
    return json.dumps([people([one]) for one in addresses], ensure_ascii=False)
