"""Which of a mail's parts are its words, and which are files."""

import mimetypes
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from django.utils.html import escape

from conversations.adapters.email.attachment import (
    Attachment,
    attachment_of,
    is_file,
    own_name,
)
from conversations.adapters.email.calendar import words_of_calendar
from conversations.adapters.email.charset import decode
from conversations.adapters.email.flow import unfolded
from conversations.adapters.email.html import MAX_READ, text_of_html
from conversations.adapters.email.parameter import file_name
from conversations.adapters.email.structure import (
    Flaw,
    Part,
    content_of,
    take_apart,
)
from conversations.adapters.email.unwrapped import files_of_tnef, signed_content
from conversations.adapters.email.uuencode import files_in_words

MAX_TEXT = 500_000  # characters
MAX_HTML = 2_000_000
_MAX_RAW = 3_000_000  # bytes of one part

_META = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?([\w.:-]{2,40})", re.I)
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufeff]")
_BYTES = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_WORDS = {"text/plain", "text/html"}
_CALENDAR = "text/calendar"
_ANYTHING = "application/octet-stream"
_TNEF = {"application/ms-tnef", "application/vnd.ms-tnef"}
_SIGNED = {"application/pkcs7-mime", "application/x-pkcs7-mime"}
_ENCRYPTED = "application/pgp-encrypted"
_PGP = "-----BEGIN PGP MESSAGE-----"
# Of other renderings of the same words nothing is lost.
_SAME_WORDS = {"text/x-amp-html", "text/watch-html", "text/enriched", "text/richtext"}


@dataclass
class _Words:
    text: str | None = None
    html: str | None = None


@dataclass(frozen=True)
class Body:
    text: str
    html: str
    attachments: tuple[Attachment, ...]
    flaws: tuple[Flaw, ...]


class _Collector:
    """Walks the parts in their order."""

    def __init__(self, label: str = "") -> None:
        self.label = label
        self.words: list[_Words] = []
        self.files: list[Attachment] = []
        self.flaws: list[Flaw] = []
        self.spare: Part | None = None  # words that came as a file
        self.is_opened = False

    def walk(self, part: Part) -> None:
        if part.content_type == "multipart/alternative" and part.children:
            self._choose(part)
        elif part.children:
            for child in part.children:
                self.walk(child)
        elif _is_words(part, is_first=not self.words):
            self.words.append(self._read(part, _Words()))
        else:
            self._store(part)

    def _choose(self, part: Part) -> None:
        """The same words twice are one; what comes beside them is kept."""
        both = _Words()
        for leaf in _leaves(part):
            if _is_words(leaf, is_first=both == _Words()):
                self._read(leaf, both)
            elif leaf.content_type not in _SAME_WORDS:
                self._store(leaf)
        if both != _Words():
            self.words.append(both)

    def _read(self, part: Part, words: _Words) -> _Words:
        raw, is_known = content_of(part)
        if not is_known:
            self.flaws.append(Flaw.ENCODING)
        if len(raw) > _MAX_RAW:
            self.flaws.append(Flaw.SIZE)
            raw = raw[:_MAX_RAW]
        if part.content_type == "text/html":
            words.html = self._cut(_after(words.html, _html(part, raw)), MAX_HTML)
        else:
            raw = self._without_files(raw)
            words.text = self._cut(_after(words.text, _text(part, raw)), MAX_TEXT)
        return words

    def _without_files(self, raw: bytes) -> bytes:
        raw, packed = files_in_words(raw)
        for name, content in packed:
            shown_name = file_name(decode(name, self.label))
            kind = mimetypes.guess_type(shown_name)[0] or "application/octet-stream"
            self.files.append(Attachment(shown_name, kind, content))
        return raw

    def _cut(self, text: str, limit: int) -> str:
        if len(text) > limit:
            self.flaws.append(Flaw.SIZE)
        return text[:limit]

    def _store(self, part: Part) -> None:
        attachment, is_known = attachment_of(part, len(self.files) + 1, self.label)
        if not is_known:
            self.flaws.append(Flaw.ENCODING)
        if part.content_type in _SIGNED:
            self._open(attachment)
            return
        if part.content_type == _ENCRYPTED:
            self.flaws.append(Flaw.SEALED)
        self.files.append(attachment)
        if part.content_type in _TNEF:
            self._unwrap(attachment)
        if part.content_type in {*_WORDS, _CALENDAR, _ANYTHING} and not is_file(part):
            self.spare = self.spare or part

    def _open(self, sealed: Attachment) -> None:
        """Signed as a whole, it has a mail inside; encrypted, it stays shut."""
        inside = b"" if self.is_opened else signed_content(sealed.content)
        if inside:
            self.is_opened = True  # once: one may lie in another a thousand times
            part, flaws = take_apart(inside)
            self.flaws += flaws
            self.walk(part)
        else:
            self.flaws.append(Flaw.SEALED)
            self.files.append(sealed)

    def _unwrap(self, wrapped: Attachment) -> None:
        for name, content in files_of_tnef(wrapped.content):
            kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
            name = name or f"file-{len(self.files) + 1}.bin"
            self.files.append(Attachment(name, kind, content))

    def read_spare(self, *, is_alone: bool) -> None:
        """Where there are no words: those that came as a file, or as an invitation."""
        part = self.spare
        if part is None or any(map(_is_written, self.words)):
            return
        if part.content_type == _CALENDAR:
            text = _text(part, content_of(part)[0][:_MAX_RAW])
            self.words.append(_Words(text=words_of_calendar(text)))
        elif part.content_type == _ANYTHING:
            if is_alone and _is_unlabelled(part):
                self.words.append(self._read(part, _Words()))
        elif is_alone or part.disposition[0] != "attachment":
            self.words.append(self._read(part, _Words()))


def body_of(part: Part, label: str = "") -> Body:
    """`label`: what the mail is written in, for names in raw 8-bit characters."""
    collector = _Collector(label)
    collector.walk(part)
    collector.read_spare(is_alone=not part.children)
    words = collector.words
    html = _joined_html(words)
    shown = html.replace("%40", "@")
    text = _joined_text(words)[:MAX_TEXT]
    if text.lstrip().startswith(_PGP):
        collector.flaws.append(Flaw.SEALED)
    return Body(
        text=text,
        html=html,
        attachments=tuple(
            replace(
                one,
                is_inline=bool(one.content_id) and f"cid:{one.content_id}" in shown,
            )
            for one in collector.files
        ),
        flaws=tuple(dict.fromkeys(collector.flaws)),
    )


def _is_written(words: _Words) -> bool:
    """HTML counts whatever is in it: a picture may be all of it."""
    return bool(words.html or (words.text or "").strip())


def _after(before: str | None, text: str) -> str:
    """Apple Mail writes its HTML in several parts, with the files between them."""
    return text if before is None else f"{before}\n{text}"


def _leaves(part: Part) -> Iterator[Part]:
    if not part.children:
        yield part
    for child in part.children:
        yield from _leaves(child)


def _is_words(part: Part, *, is_first: bool) -> bool:
    if part.content_type not in _WORDS:
        return False
    disposition, parameters = part.disposition
    if disposition == "attachment" or parameters.get("filename"):
        return False
    return (is_first or not own_name(part)) and not is_file(part)


def _is_unlabelled(part: Part) -> bool:
    """Words that nobody called so: without a name, and without controls."""
    content = content_of(part)[0][:_MAX_RAW]
    return not own_name(part) and not _BYTES.search(content)


def _text(part: Part, raw: bytes) -> str:
    text = plain_text(decode(raw, part.parameters.get("charset", "")))
    if part.parameters.get("format", "").lower() != "flowed":
        return text
    is_space_deleted = part.parameters.get("delsp", "").lower() == "yes"
    return unfolded(text, is_space_deleted=is_space_deleted)


def _html(part: Part, raw: bytes) -> str:
    label = part.parameters.get("charset", "")
    if not label and (meta := _META.search(raw[:4_000])):
        label = meta[1].decode("ascii")
    return plain_text(decode(raw, label))


def plain_text(text: str) -> str:
    """With line ends of one kind and without controls, NUL among them."""
    return _CONTROLS.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def _joined_text(words: list[_Words]) -> str:
    """HTML is read where the plain words are missing or empty.

    Of all parts together no more than of one: reading it takes long.
    """
    texts, left = [], MAX_READ
    for one in words:
        if one.text is not None and (one.text.strip() or one.html is None):
            texts.append(one.text)
        elif one.html and left > 0:
            texts.append(text_of_html(one.html[:left]))
            left -= len(one.html)
    return "\n".join(text for text in texts if text)


def _joined_html(words: list[_Words]) -> str:
    if all(one.html is None for one in words):
        return ""
    return "\n".join(
        f"<pre>{escape(one.text)}</pre>" if one.html is None else one.html
        for one in words
    )
