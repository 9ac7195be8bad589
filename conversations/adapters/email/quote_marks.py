"""How mail programs, Japanese ones first, announce the mail that is answered."""

import re

from mailparser_reply.constants import (  # type: ignore[import-untyped]
    MAIL_LANGUAGES,
)

_LONGEST = 250  # characters of a line that can be such a mark

_QUOTED = re.compile(r"\s{0,3}[>＞]")
_DASHED = re.compile(
    r"\s{0,3}-{2,}\s*(?:Original Message|元のメッセージ|オリジナル ?メッセージ|"
    r"返信元メッセージ|引用元メッセージ|Ursprüngliche Nachricht|"
    r"Message d'origine|Reply Message|元の?メール|"
    r".{1,100}(?:さん|様|氏|」)の(?:メッセージ|メール)\s?(?:[(（].{1,40}[)）])?)\s*-{2,}\s*",
    re.IGNORECASE,
)
_FORWARDED = re.compile(
    r"\s{0,3}-{2,}\s*(?:Forwarded (?:by .{1,80}|message)|転送(?:されたメール|メッセージ|"
    r"された(?:メッセージ))?|Weitergeleitete Nachricht|Message transféré)\s*-{2,}\s*"
    r"|\s{0,3}Begin forwarded message:\s*|\s{0,3}転送されたメッセージ[::：]\s*",
    re.IGNORECASE,
)
_RULE = re.compile(r"\s{0,3}(?:_{20,}|-{20,})\s*")
_LABEL = re.compile(
    r"[\s*]{0,4}(差出人|送信者|送信元|From|Von|De|"
    r"送信日時|送信日|日時|日付|Sent|Date|Gesendet|Datum|Envoyé|"
    r"宛先|To|An|À|CC|Cc|件名|Subject|Betreff|Objet|发件人|发送时间|收件人|抄送|主题|"
    r"寄件者|寄件日期|收件者|主旨|보낸 ?사람|보낸 ?날짜|받는 ?사람|날짜|제목)\s?[*]?\s{0,3}[:：]",
    re.IGNORECASE,
)
_SENDERS = {"差出人", "送信者", "送信元", "from", "von", "de"}
_SENDERS |= {"发件人", "寄件者", "보낸사람", "보낸 사람"}
# Only of mails one says so.
_SENT = {"送信日時", "送信日", "sent", "gesendet", "envoyé", "发送时间", "寄件日期"}
_BLOCK = 8  # lines: a wrapped list of recipients may be among them

_WROTE = (
    # 2026年11月25日(水) 10:00 山田太郎 <a@example.jp>: and …のメール:
    r"[(（]?\d{4}[年/.-]\d{1,2}[月/.-]\d{1,2}日?\D{0,10}\d{1,2}[::時]\d{2}.{0,200}"
    r"(?:[<＜].{1,100}[>＞]|のメール|さん|様|wrote|は?書きました)\s?[:：]",
    r".{1,200}のメール\s?[:：]",
    r".{1,200}(?:さん|様|氏)?(?:は|が|からは)?(?:次のように)?書きました\s?[。:：]?",
    r".{0,200}(?:<[^<>]{1,100}>|さん|氏)\s?(?:wrote|writes|schrieb)\s?:",
    r"(?:On|At|In (?:message|article)) .{5,200}\swrote\s?:",
    r"在\s?.{5,200}写道\s?[:：]",
)
# Yahoo's program goes on in the same line.
_WROTE_AND_ON = re.compile(
    r"\s{0,3}On .{5,120}\d.{0,120}<[^<>\s@]{1,100}@[^<>\s]{1,100}>\s?wrote:\s+\S"
)
_WROTE_LINE = re.compile(rf"\s{{0,3}}(?:{'|'.join(_WROTE)})\s*", re.IGNORECASE)
_ELSEWHERE = [
    re.compile(words["wrote_header"], re.IGNORECASE | re.MULTILINE)
    for words in MAIL_LANGUAGES.values()
    if "wrote_header" in words
]
_WROTE_WORD = re.compile(
    r"wrote|schrieb|écrit|escribió|scritto|schreef|napsal|skrev|napisa|nadesłał|작성|写道",
    re.IGNORECASE,
)
_WEEKDAY_ON = re.compile(
    r"\s{0,3}(?:On|At|In (?:message|article)|Am|Le|El|Il|Op|Den|Dne|Dnia|"
    r"[(（]?\d{4}[年/.-]|(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d)",
    re.IGNORECASE,
)


def is_quoted(line: str) -> bool:
    return _QUOTED.match(line) is not None


def is_forward(line: str) -> bool:
    return len(line) <= _LONGEST and _FORWARDED.fullmatch(line) is not None


def history_after(lines: list[str], at: int) -> int | None:
    """Where history begins below the mark at line `at`; None where there is no mark."""
    line = lines[at]
    if _WROTE_AND_ON.match(line[: 2 * _LONGEST]):
        return at + 1
    if not line.strip() or len(line) > _LONGEST:
        return None
    if _DASHED.fullmatch(line):
        return _after_block(lines, at + 1, is_marked=True) or at + 1
    if _RULE.fullmatch(line):
        return _after_block(lines, at + 1, is_marked=True)
    if (after := _after_block(lines, at)) is not None:
        return after
    return _after_wrote(lines, at)


def _after_block(lines: list[str], at: int, *, is_marked: bool = False) -> int | None:
    """A sender and two more of 送信日時, 宛先, 件名 … one under the other.

    From: 山田, 日付: 11/25 and 件名: 返品 are an answer in a form: without an address or
    when it was sent they are no mail's, where no line above says so (`is_marked`).
    """
    while at < len(lines) and not lines[at].strip():
        at += 1
    labels: set[str] = set()
    after, is_mails = at, is_marked
    for index in range(at, min(at + _BLOCK, len(lines))):
        label = _LABEL.match(lines[index][:_LONGEST])
        if label is None and (index == at or not lines[index].strip()):
            break
        if label is not None:
            labels.add(label[1].lower())
            is_mails |= "@" in lines[index] or label[1].lower() in _SENT
            after = index + 1
    return after if len(labels) >= 3 and labels & _SENDERS and is_mails else None


def _after_wrote(lines: list[str], at: int) -> int | None:
    """On one line, or broken over two or three; in ten languages."""
    line = lines[at]
    for more in range(3):
        if more:
            if not _WEEKDAY_ON.match(lines[at]) or at + more >= len(lines):
                return None
            line = f"{line} {lines[at + more].strip()}"
        if len(line) > _LONGEST or is_quoted(lines[at + more]):
            return None
        if _is_wrote(line):
            return at + more + 1
    return None


def _is_wrote(line: str) -> bool:
    if not line.rstrip().endswith((":", "：", "書きました", "書きました。")):
        return False
    if _WROTE_LINE.fullmatch(line):
        return True
    if _WROTE_WORD.search(line) is None:
        return False
    return any(pattern.match(line.strip()) for pattern in _ELSEWHERE)
