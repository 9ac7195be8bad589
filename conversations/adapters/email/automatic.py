"""Mail that no person has just written: bounces, automatic answers, lists, our own."""

import re
from collections.abc import Collection
from dataclasses import dataclass

from conversations.adapters.email.bounce import Bounce, bounces_of
from conversations.adapters.email.mime import Mail

_BULK = {"bulk", "junk", "list"}
_ANSWERING = (
    "x-autoreply",
    "x-autorespond",
    "x-autorespond-to",
    "x-mail-autoreply",
)
_LISTS = ("list-id", "list-post", "mailing-list", "x-ml-name")
_AUTO_SUBJECT = re.compile(
    r"自動(?:返信|応答|送信|配信)|不在(?:通知|のお知らせ|返信|連絡)|休暇中|"
    r"\bout of (?:the )?office\b|\bauto(?:matic|mated)?[- ]?(?:reply|response)\b|"
    r"\bvacation (?:reply|notice)\b|\babwesenheit|\babsence du bureau|"
    r"\bautomatische antwort\b|\br[ée]ponse automatique\b|\brespuesta automática\b|"
    r"\brisposta automatica\b|自動回[覆复]|自动(?:回复|答复)|자동 ?(?:회신|응답)",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Automatic:
    """`is_auto_reply` by what the mail declares; `looks_automatic` by its subject only,
    which a customer may have quoted: a reason not to answer, none to hide it. So is
    `asks_for_silence`."""

    bounces: tuple[Bounce, ...] = ()
    is_auto_reply: bool = False
    is_list: bool = False
    is_own: bool = False
    looks_automatic: bool = False
    wants_silence: bool = False
    reason: str = ""

    @property
    def may_be_answered(self) -> bool:
        """Whether an automatic answer to it could not begin a loop."""
        return not (
            self.bounces
            or self.is_auto_reply
            or self.is_list
            or self.is_own
            or self.looks_automatic
            or self.wants_silence
        )


def recognise(mail: Mail, own_domains: Collection[str] = ()) -> Automatic:
    """`own_domains`: those of the Message-IDs we give our own mail."""
    bounces = tuple(bounces_of(mail))
    declared = "" if bounces else _declared_answer(mail)
    return Automatic(
        bounces=bounces,
        is_auto_reply=bool(declared),
        is_list=any(mail.marks.get(name) for name in _LISTS)
        or mail.marks.get("precedence", "").lower() == "list",
        is_own=_domain(mail.message_id) in {domain.lower() for domain in own_domains},
        looks_automatic=_AUTO_SUBJECT.search(mail.subject) is not None,
        wants_silence=_wants_silence(mail),
        reason=declared,
    )


def _declared_answer(mail: Mail) -> str:
    """The header field that says so, with its value; empty for none. Source: RFC 3834."""
    submitted = mail.marks.get("auto-submitted", "")
    if submitted and submitted.lower().partition(";")[0].strip() != "no":
        return f"auto-submitted: {submitted}"
    for name in _ANSWERING:
        if mail.marks.get(name, "no").lower() not in {"no", "false", ""}:
            return f"{name}: {mail.marks[name]}"
    precedence = mail.marks.get("precedence", "").lower()
    if precedence in {"auto_reply", "auto-reply"} or (
        precedence in _BULK - {"list"} and not mail.marks.get("list-id")
    ):
        return f"precedence: {precedence}"
    return ""


def _wants_silence(mail: Mail) -> bool:
    """Exchange writes it on mail of people too: they want no answer of a machine.

    Source: MS-OXCMAIL 2.1.3.2.20; the rest of its words are about receipts.
    """
    value = mail.marks.get("x-auto-response-suppress", "").lower()
    return bool({"all", "oof", "autoreply"} & {one.strip() for one in value.split(",")})


def _domain(message_id: str) -> str:
    return message_id.rpartition("@")[2].lower()
