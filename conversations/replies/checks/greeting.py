"""Whom the head of a reply speaks to: 田中様, 株式会社…御中, Dear Mr Tanaka."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from conversations.replies.checks.folding import Folded, fold
from conversations.replies.checks.nobody import NOBODY, NOBODY_ENGLISH, OF_OTHERS

_LINES = 4  # company, department, name, first sentence
_WITHIN = 240  # letters of the head
_LETTER = (
    r"[々〆ヶヵノ㐀-鿿豈-﫿\U00020000-\U0003ffffぁ-ゖァ-ヺーa-z0-9\u00c0-\u024f&'’.()-]"
)
_OPENING = (
    r"いつも|お世話|平素|この度|このたび|こんにち|こんばん|ご連絡|ご返信|ご注文|お問い?合|"
    r"はじめまして|初めまして|おはよう|お待たせ|お疲れ|大変|ありがと|先日|先程|早速"
)
_TO_JAPANESE = re.compile(
    rf"[\s【「『*]*(?P<name>{_LETTER}(?:{_LETTER}|[ ・　])*?)\s*"
    r"(?P<honorific>様|さま|さん|サン|殿|どの|君|くん|ちゃん|先生|御中)"
    rf"(?:へ)?(?!\s+(?:[にでがはをのも宛]|です|より|から))(?=\s|$|\(|{_OPENING})"
)
_POLITE = re.compile(rf"{_OPENING}|失礼|恐れ入り")
_TITLE = r"(?:mr|mrs|ms|miss|mx|dr|prof)\.?\s+"
_WORD = r"[a-z\u00c0-\u024f][a-z\u00c0-\u024f'’-]*\.?"
_HELLO = r"(?:dear|hi|hello|hey|greetings|good\s+(?:morning|afternoon|evening|day))"
_TO_ENGLISH = re.compile(
    rf"\s*(?:{_HELLO},?\s+(?:{_TITLE})?|(?:to\s+)?{_TITLE})"
    rf"(?P<name>{_WORD}(?:\s+{_WORD}){{0,2}}?)(?P<honorific>[\s-](?:san|sama))?"
    r"\s*(?=[,:;!。、.—–]|-\s|$)"
)
_HELLO_BEFORE = re.compile(rf"^{_HELLO}\s+")
_SAMA = re.compile(
    rf"\s*(?P<name>{_WORD}(?:\s+{_WORD})?)[\s-](?:san|sama)\s*(?=[,:!]|$)"
)
_SUFFIX = re.compile(r"(?:-(?:san|sama))?\.?$")
_SEGMENT = re.compile(r"[^、,。!?:;/~〜～】」』\n]+")
_KANJI = r"[々〆ヶヵノ㐀-鿿豈-﫿\U00020000-\U0003ffff]"
# How a name looks: one script, or kanji before kana (佐藤ゆみ), or katakana before kanji.
_NAME = re.compile(
    rf"{_KANJI}+|[ぁ-ゖー]+|[ァ-ヺー]+|[a-z0-9\u00c0-\u024f&'’.-]+"
    rf"|{_KANJI}+[ぁ-ゖァ-ヺー]+|[ァ-ヺーa-z]+{_KANJI}+"
)
_PARTICLES = re.compile(
    r"[のはがをにへともで]$|から$|より$|まで$|する$|した$|です$|ます$"
)
_ENDING_TITLE = re.compile(
    r"(?<=.)(?:代表取締役|取締役|社長|部長|課長|係長|店長|会長|主任|専務|常務|院長|教授)$"
)
_ORGANISATION = re.compile(
    r"株式会社|有限会社|合同会社|合資会社|財団|法人|協会|組合|\((?:株|有|合)\)|㈱|㈲"
    r"|(?:社|部|課|店|室|係|局|院|園|校|大学|学科|病院|銀行|商事|商店|工業|事務所|センター|グループ)$"
)


@dataclass(frozen=True)
class Greeting:
    """Names as they stand there, folded. `start` and `end` are places in the text."""

    start: int
    end: int
    parts: tuple[str, ...]  # of a person: family and given, in whatever order
    is_organisation: bool = False

    @property
    def whole(self) -> str:
        return "".join(self.parts)


def greetings(text: str) -> Iterator[Greeting]:
    """Of the writer's own words, `written_part`. Mostly none, or one."""
    folded = fold(text[:_WITHIN])
    lines = [line for line in re.finditer(r"[^\n]+", folded.text) if line[0].strip()]
    for line in lines[:_LINES]:
        found = _in_line(folded, line.start(), line[0])
        if found is not None:
            yield found
            return


def _in_line(folded: Folded, offset: int, line: str) -> Greeting | None:
    english = _TO_ENGLISH.match(line) or _SAMA.match(line)
    if english is not None:
        words = tuple(_SUFFIX.sub("", word) for word in english["name"].split())
        if not any(word in NOBODY_ENGLISH for word in words):
            return _greeting(folded, offset, english, words)
        return None
    segments = list(_SEGMENT.finditer(line))[:2]
    if segments and not _POLITE.search(segments[0][0]):
        del segments[1:]
    for segment in segments:
        match = _TO_JAPANESE.match(segment[0])
        parts = _parts(match["name"]) if match else ()
        if match and parts:
            is_all = match["honorific"] == "御中"
            at = offset + segment.start()
            return _greeting(folded, at, match, parts, is_organisation=is_all)
    return None


def _greeting(
    folded: Folded,
    offset: int,
    match: re.Match[str],
    parts: tuple[str, ...],
    *,
    is_organisation: bool = False,
) -> Greeting:
    first, last = offset + match.start("name"), offset + match.end() - 1
    places = folded.starts[first], folded.ends[last]
    return Greeting(*places, parts, is_organisation=is_organisation)


def _parts(name: str) -> tuple[str, ...]:
    """Of "(株)山田 営業部 原田 太郎" 原田 and 太郎; nothing where it names nobody."""
    words = [
        word for word in re.split(r"[ ・　]+", _HELLO_BEFORE.sub("", name)) if word
    ]
    people = [_ENDING_TITLE.sub("", word) for word in words]
    people = [word for word in people if not _ORGANISATION.search(word)]
    if not people:  # the company alone: 株式会社山田 御中
        return tuple(words[-1:])
    if people[-1] in NOBODY or not OF_OTHERS.isdisjoint(people):
        return ()
    people = [word for word in people if word not in NOBODY]
    if not all(_NAME.fullmatch(word) for word in people) or len("".join(people)) > 16:
        return ()
    return () if any(map(_is_phrase, people)) else tuple(people[-2:])


def _is_phrase(word: str) -> bool:
    """担当の, ご注文の: kana behind kanji that joins it to what follows."""
    return re.search(_KANJI, word) is not None and bool(_PARTICLES.search(word))
