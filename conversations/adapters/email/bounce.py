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
    r"delayed|could not send message for|still being retried|遅延|遅れています|"
    r"配信不能|配信できません|配信に失敗|送信できません|配達できません|エラーのため送信|"
    r"宛先不明|届けることができません",
    re.IGNORECASE,
)
_STATUS = re.compile(r"(?<![\d.])([245]\.\d{1,3}\.\d{1,3})(?![\d.])")
_REPLY_CODE = re.compile(r"(?<![\d.-])([45]\d\d)(?=[ -])")
_RECIPIENT = re.compile(
    r"^\s{0,8}(?:<([^<>\s@]{1,100}@[^<>\s]{1,200})>|([!-9;=?A-~]{1,100}@[\w.-]{1,200}))",
    re.MULTILINE | re.ASCII,
)
_PARAGRAPH = re.compile(
    r"^\s{0,8}<([^<>\s@]{1,100}@[^<>\s]{1,200})>:[ \t]*$", re.MULTILINE
)
_ANY_ADDRESS = re.compile(r"<([^<>\s@]{1,100}@[^<>\s]{1,200})>")
_BARE_ADDRESS = re.compile(
    r"([A-Za-z0-9][\w.!#$%&'*+/=?^`{|}~-]{0,99}@[\w.-]{1,200}\w)", re.A
)
_MESSAGE_ID = re.compile(r"^\s{0,4}Message-ID:\s*<([^<>\s]{1,400})>", re.I | re.M)
_BELOW = re.compile(
    r"^(?:--- (?:Below this line|The following)|-{3,} ?(?:Original|Returned) message|"
    r"Return-Path:|Received:)",
    re.IGNORECASE | re.MULTILINE,
)
_CODED = re.compile(r"(?<![\d.])[245]\.\d{1,3}\.\d|(?<![\d.])[45]\d\d[ -]")
_REASON = re.compile(
    r"unknown|not exist|no such|full|quota|reject|refused|denied|timed out|not found|"
    r"doesn.t have|disabled|inactive|見つかりません|存在しません|いっぱい|超え|拒否|不明",
    re.IGNORECASE,
)
_DELAYED = re.compile(
    r"delayed|warning: could not send|still (?:being retried|undelivered)|"
    r"(?:will|continue to) (?:keep )?(?:be )?(?:retry|retried|trying)|遅延|遅れています|再送を(?:試み|続け)",
    re.IGNORECASE,
)
_FINAL = re.compile(r"given up|permanent|fatal error|5\.\d{1,3}\.\d", re.IGNORECASE)
_JAPANESE = re.compile("[\u3041-\u30fa\u4e00-\u9fff]{2}")
# What the carriers say in words, as RFC 3463 has it in numbers.
_IN_NUMBERS = (
    (re.compile(r"quota|mailbox (?:is )?full|いっぱい|容量|超え", re.I), "5.2.2"),
    (
        re.compile(
            r"(?:user|recipient|address|mailbox)\b.{0,40}(?:unknown|not exist|not found)|"
            r"(?:unknown|invalid|no such) (?:user|recipient|address|mailbox)|"
            r"doesn.t have an?\b.{0,40}account|disabled|inactive|"
            r"見つかりません|存在しません|宛先不明|アドレス(?:が|は)?不明",
            re.I,
        ),
        "5.1.1",
    ),
    (re.compile(r"spam|blocked|blacklist|迷惑メール|受信拒否", re.I), "5.7.1"),
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
    if report := _report_of(mail):
        return _reported(mail, report)
    if "x-failed-recipients" not in mail.marks and not _is_daemons(mail):
        return []
    return _in_words(mail)


def is_success(mail: Mail) -> bool:
    """A report that all went well: no bounce, and no letter of anybody."""
    report = _report_of(mail)
    return report is not None and not _reported(mail, report)


def _report_of(mail: Mail) -> Attachment | None:
    """Not one that somebody passes on with words of their own."""
    if not (mail.content_type.startswith("multipart/report") or _is_by_machine(mail)):
        return None
    reports = (one for one in mail.attachments if one.content_type in _REPORTS)
    return next(reports, None)


def _reported(mail: Mail, report: Attachment) -> list[Bounce]:
    """Source: RFC 3464. A report of success is no bounce."""
    blocks = report.content[:_READ].replace(b"\r\n", b"\n").split(b"\n\n")
    reports = [fields for fields in map(read_fields, blocks) if _recipient(fields)]
    if not reports:
        return _in_words(mail)
    original_id = _original_id(mail)
    every = [
        _of_recipient(one, original_id)
        for one in reports
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
        if recipient := _after_kind(text_of(fields.first(name))).strip("<> "):
            return recipient
    return ""


def _action(fields: Fields) -> str:
    return text_of(fields.first("action")).lower()


def _after_kind(text: str) -> str:
    """rfc822; a@example.jp as a@example.jp."""
    kind, semicolon, rest = text.partition(";")
    return rest.strip() if semicolon and " " not in kind.strip() else text


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
    if not _is_by_machine(mail):
        return False
    return bool(
        _FAILED.search(mail.subject)
        or (_is_by_daemon(mail) and _FAILED.search(mail.text[:_READ]))
    )


def _is_by_machine(mail: Mail) -> bool:
    return _is_by_daemon(mail) or mail.marks.get("return-path", "") == "<>"


def _is_by_daemon(mail: Mail) -> bool:
    sender = mail.from_
    return sender is not None and bool(
        _DAEMON.match(sender.address) or _DAEMON_NAME.search(sender.name)
    )


def _in_words(mail: Mail) -> list[Bounce]:
    """Out of the words of qmail, Exchange, Exim and the carriers."""
    words = mail.text[:_READ]
    below = _BELOW.search(words)
    words = words[: below.start()] if below else words
    named = mail.marks.get("x-failed-recipients", "").split(",")
    each = [(words, one.strip()) for one in named if one.strip()] or _paragraphs(words)
    is_delayed = bool(
        _DELAYED.search(mail.subject)
        or (_DELAYED.search(words) and not _FINAL.search(words))
    )
    original_id = _original_id(mail)
    return [
        _out_of(paragraph, recipient, original_id, is_delayed=is_delayed)
        for paragraph, recipient in each[:_MOST]
    ]


def _paragraphs(words: str) -> list[tuple[str, str]]:
    """One for each recipient, as qmail writes them; else all words for the first."""
    each = list(_PARAGRAPH.finditer(words))[:_MOST]
    if len(each) > 1:
        ends = [*(one.start() for one in each[1:]), len(words)]
        return [
            (words[one.start() : end], one[1])
            for one, end in zip(each, ends, strict=True)
        ]
    match = (
        _RECIPIENT.search(words)
        or _ANY_ADDRESS.search(words)
        or _BARE_ADDRESS.search(words)
    )
    recipient = next((one for one in match.groups() if one), "") if match else ""
    return [(words, recipient)]


def _out_of(
    words: str, recipient: str, original_id: str, *, is_delayed: bool
) -> Bounce:
    return Bounce(
        recipient=recipient,
        status=_status_in(words),
        diagnostic=" ".join(_reason_in(words).split())[:500],
        original_id=original_id,
        is_delayed=is_delayed,
    )


def _reason_in(words: str) -> str:
    """The line that says why: in Japanese, with a number, or in plain English."""
    reasons = [line for line in words.split("\n") if _REASON.search(line)]
    japanese = (line for line in reasons if _JAPANESE.search(line))
    coded = (line for line in words.split("\n") if _CODED.search(line))
    return next(japanese, "") or next(coded, "") or next(iter(reasons), "")


def _status_in(words: str) -> str:
    if status := _STATUS.search(words):
        return status[1]
    code = _REPLY_CODE.search(words)
    if code is not None and code[1].startswith("4"):
        return "4.0.0"
    named = (status for pattern, status in _IN_NUMBERS if pattern.search(words))
    return next(named, "5.0.0" if code else "")
