"""Where a signature begins in the last words of a mail."""

import re

from mailparser_reply.constants import (  # type: ignore[import-untyped]
    MAIL_LANGUAGES,
)

_MAX_LINES = 20
_DASHES = re.compile(r"--\s?")
_RULE = re.compile(
    r"\s{0,3}(?:(?:[━─═┏┓┗┛┃│=＝*＊_＿+＋#☆★◇◆□■○●/／―－-]\s?){3,}"
    r"|(?:[━─═=*＊_＿+＋~〜～#☆★◇◆□■・.:;,…/／―ー－-]\s?){5,})\s*"
)
_OPENING = re.compile(r"\s{0,3}[━─═=*＊_☆★◇◆-]{2,}.{1,30}[━─═=*＊_☆★◇◆-]{2,}\s*")
_CONTACT = re.compile(
    r"TEL|ＴＥＬ|電話|FAX|ＦＡＸ|〒|mobile|携帯|e-?mail|メール|mailto:|https?://|www\.|"
    r"[\w.+-]{1,60}@[\w-]{1,60}\.|株式会社|有限会社|合同会社|\d{2,4}-\d{2,4}-\d{3,4}",
    re.IGNORECASE,
)
# A ruled list of what was ordered, or where it goes, is what the mail is about.
_MATTER = re.compile(
    r"注文|商品|数量|合計|金額|小計|お?届け先|配送|品番|型番|予約|お問い合わせ番号|ご希望"
)
_DEVICE = re.compile(
    r"\s*(?:.{0,25}(?:iPhone|iPad|Android|Xperia|Galaxy|AQUOS|Windows|Outlook|Gmail|Yahoo!|"
    r"Mail|メール|スマートフォン|スマホ|タブレット|携帯|モバイル).{0,20}"
    r"(?:から|より)\s?送信(?:(?:され|し)ました)?"
    r"|.{0,20}Outlook(?: for (?:iOS|Android))?\s?を入手.{0,80}"
    r"|Sent from (?:my |Yahoo ).{1,60})[。.]?\s*",
    re.IGNORECASE,
)
_SENT_FROM = re.compile(
    rf"\s*(?:{'|'.join(words['sent_from'] for words in MAIL_LANGUAGES.values() if words.get('sent_from'))}).{{0,80}}",
    re.IGNORECASE,
)


def signature_start(lines: list[str]) -> int | None:
    """The index of its first line; `lines` end where it ends, blank ones aside."""
    end = len(lines)
    while end and not lines[end - 1].strip():
        end -= 1
    first = max(0, end - _MAX_LINES)
    for at in range(first, end):
        if _DASHES.fullmatch(lines[at]) and at < end - 1:
            return at
    ruled = _ruled(lines, first, end)
    return ruled if ruled is not None else _device(lines, end)


def _ruled(lines: list[str], first: int, end: int) -> int | None:
    """A block under a rule, with something by which to reach its writer."""
    for at in range(first, end - 1):
        if not (_RULE.fullmatch(lines[at]) or _OPENING.fullmatch(lines[at])):
            continue
        block = "\n".join(lines[at:end])
        if _CONTACT.search(block) and not _MATTER.search(block):
            return at
    return None


def _device(lines: list[str], end: int) -> int | None:
    line = lines[end - 1][:200] if end else ""
    if _DEVICE.fullmatch(line) or _SENT_FROM.fullmatch(line):
        return end - 1
    return None
