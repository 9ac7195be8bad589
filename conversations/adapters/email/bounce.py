"""Mail that came back: as the standard reports it, or as carriers and qmail write it."""

import re
from dataclasses import dataclass

from conversations.adapters.email.attachment import Attachment
from conversations.adapters.email.header import Fields, ids_of, read_fields, text_of
from conversations.adapters.email.mime import Mail

_REPORTS = {"message/delivery-status", "message/global-delivery-status"}
_RETURNED = {
    "message/rfc822",
    "text/rfc822-headers",
    "message/rfc822-headers",
    "message/global",
}
_READ = 64_000  # bytes of a report
_MOST = 20  # recipients of one mail

_DAEMON = re.compile(
    r"(?:mailer-daemon|postmaster|mail-daemon|mdaemon)@", re.IGNORECASE
)
_DAEMON_NAME = re.compile(
    r"mail (?:delivery|system)|mailer-daemon|delivery subsystem", re.IGNORECASE
)
_FAILED = re.compile(
    r"returned mail|undeliver(?:able|ed)|delivery (?:has failed|status|failure|failed)|"
    r"failure notice|mail system error|user unknown|host unknown|unknown user|"
    r"unable to deliver|could not be delivered|wasn'?t able to deliver|"
    r"配信不能|配信できません|配信に失敗|送信できません|配達できません|エラーのため送信|"
    r"宛先不明|届けることができません",
    re.IGNORECASE,
)
_STATUS = re.compile(r"(?<![\d.])([245]\.\d{1,3}\.\d{1,3})(?![\d.])")
_REPLY_CODE = re.compile(r"(?<![\d.-])([45]\d\d)(?=[ -])")
_RECIPIENT = re.compile(
    r"^\s{0,8}(?:<([^<>\s@]{1,100}@[^<>\s]{1,200})>|([^<>\s@:]{1,100}@[\w.-]{1,200}))",
    re.MULTILINE,
)
_PARAGRAPH = re.compile(
    r"^\s{0,8}<([^<>\s@]{1,100}@[^<>\s]{1,200})>:[ \t]*$", re.MULTILINE
)
_ANY_ADDRESS = re.compile(r"<([^<>\s@]{1,100}@[^<>\s]{1,200})>")
_MESSAGE_ID = re.compile(r"^\s{0,4}Message-ID:\s*<([^<>\s]{1,400})>", re.I | re.M)
_BELOW = re.compile(
    r"^(?:--- (?:Below this line|The following)|-{3,} ?(?:Original|Returned) message|"
    r"Return-Path:|Received:)",
    re.IGNORECASE | re.MULTILINE,
)
_REASON = re.compile(
    r"unknown|not exist|no such|full|over quota|reject|refused|denied|timed out|"
    r"[245]\.\d{1,3}\.\d|\b[45]\d\d\b|見つかりません|存在しません|いっぱい|拒否",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Bounce:
    """`original_id` without brackets. `status` as in RFC 3463, empty where not told."""

    recipient: str = ""
    status: str = ""
    diagnostic: str = ""
    original_id: str = ""
    is_delayed: bool = False  # it is still being tried

    @property
    def is_permanent(self) -> bool:
        return not self.is_delayed and not self.status.startswith("4")


def bounces_of(mail: Mail) -> list[Bounce]:
    """One for each recipient that it tells of; none where it is no such mail."""
    for attachment in mail.attachments:
        if attachment.content_type in _REPORTS:
            return _reported(mail, attachment)
    if "x-failed-recipients" not in mail.marks and not _is_daemons(mail):
        return []
    return _told(mail)


def _reported(mail: Mail, report: Attachment) -> list[Bounce]:
    """Source: RFC 3464. A report of success is no bounce."""
    blocks = report.content[:_READ].replace(b"\r\n", b"\n").split(b"\n\n")
    told = [fields for fields in map(read_fields, blocks) if _recipient(fields)]
    if not told:
        return _told(mail)
    original_id = _original_id(mail)
    every = [
        _of_recipient(one, original_id)
        for one in told
        if _action(one) not in {"delivered", "relayed", "expanded"}
    ]
    return sorted(every, key=lambda one: one.is_delayed)[:_MOST]


def _of_recipient(fields: Fields, original_id: str) -> Bounce:
    status = _STATUS.search(text_of(fields.first("status")))
    return Bounce(
        recipient=_recipient(fields),
        status=status[1] if status else "",
        diagnostic=_after_kind(text_of(fields.first("diagnostic-code")))[:500],
        original_id=original_id,
        is_delayed=_action(fields) == "delayed",
    )


def _recipient(fields: Fields) -> str:
    """The address we had written to, where it was forwarded to another."""
    for name in ("original-recipient", "final-recipient"):
        if told := _after_kind(text_of(fields.first(name))).strip("<> "):
            return told
    return ""


def _action(fields: Fields) -> str:
    return text_of(fields.first("action")).lower()


def _after_kind(told: str) -> str:
    """rfc822; a@example.jp as a@example.jp."""
    kind, semicolon, rest = told.partition(";")
    return rest.strip() if semicolon and " " not in kind.strip() else told


def _original_id(mail: Mail) -> str:
    for attachment in mail.attachments:
        if attachment.content_type in _RETURNED:
            block = attachment.content[:_READ].replace(b"\r\n", b"\n")
            head = block.lstrip(b"\n").partition(b"\n\n")[0]
            if ids := ids_of(read_fields(head).first("message-id")):
                return ids[0]
    if match := _MESSAGE_ID.search(mail.text[:_READ]):
        return match[1]
    return mail.in_reply_to


def _is_daemons(mail: Mail) -> bool:
    """Who wrote it, and that it says something failed: a postmaster is a person too."""
    sender = mail.from_
    is_daemon = sender is not None and (
        _DAEMON.match(sender.address) or _DAEMON_NAME.search(sender.name)
    )
    is_empty_path = mail.marks.get("return-path", "") == "<>"
    if not (is_daemon or is_empty_path):
        return False
    return bool(
        _FAILED.search(mail.subject)
        or (is_daemon and _FAILED.search(mail.text[:_READ]))
    )


def _told(mail: Mail) -> list[Bounce]:
    """Out of the words of qmail, Exchange, Exim and the carriers."""
    words = mail.text[:_READ]
    below = _BELOW.search(words)
    words = words[: below.start()] if below else words
    original_id = _original_id(mail)
    failed = mail.marks.get("x-failed-recipients", "").split(",")
    named = [one.strip() for one in failed if one.strip()]
    if named:
        return [_out_of(words, one, original_id) for one in named[:_MOST]]
    each = list(_PARAGRAPH.finditer(words))[:_MOST]
    if len(each) > 1:  # a paragraph for each, as qmail writes them
        ends = [*(one.start() for one in each[1:]), len(words)]
        return [
            _out_of(words[one.start() : end], one[1], original_id)
            for one, end in zip(each, ends, strict=True)
        ]
    match = _RECIPIENT.search(words) or _ANY_ADDRESS.search(words)
    recipient = next((told for told in match.groups() if told), "") if match else ""
    return [_out_of(words, recipient, original_id)]


def _out_of(words: str, recipient: str, original_id: str) -> Bounce:
    status = _STATUS.search(words)
    code = _REPLY_CODE.search(words)
    reason = next((line for line in words.split("\n") if _REASON.search(line)), "")
    return Bounce(
        recipient=recipient,
        status=status[1] if status else f"{code[1][0]}.0.0" if code else "",
        diagnostic=" ".join(reason.split())[:500],
        original_id=original_id,
    )
