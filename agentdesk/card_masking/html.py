"""Card numbers in HTML, as a person reads it."""

import re
from bisect import bisect_right
from html import unescape

from agentdesk.card_masking.issuers import SHORTEST
from agentdesk.card_masking.masking import LAST, find_cards

_PART = re.compile(
    r"(?P<comment><!--(?:.*?-->|.*))"
    r"|(?P<tag><[/!?]?[a-zA-Z](?:[^<>\"']|\"[^\"]*+\"|'[^']*+')*+>?)"
    r"|(?P<letter>&(?:\#[0-9]{1,9}|\#[xX][0-9a-fA-F]{1,7}|[a-zA-Z][a-zA-Z0-9]{1,31});?)",
    re.DOTALL,
)
_LETTER = re.compile(r"&(?:#[0-9]{1,9}|#[xX][0-9a-fA-F]{1,7}|[a-zA-Z]\w{1,31});?")
_TAG_NAME = re.compile(r"<(/?)([a-zA-Z][^\s/>]*)")
# What begins a line or a cell of its own; all other tags lie within a line of words.
_APART = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "br",
        "button",
        "caption",
        "center",
        "col",
        "colgroup",
        "dd",
        "details",
        "dialog",
        "dir",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "head",
        "header",
        "hr",
        "html",
        "iframe",
        "img",
        "input",
        "li",
        "link",
        "main",
        "menu",
        "meta",
        "nav",
        "object",
        "ol",
        "option",
        "p",
        "pre",
        "script",
        "section",
        "select",
        "style",
        "summary",
        "table",
        "tbody",
        "td",
        "textarea",
        "tfoot",
        "th",
        "thead",
        "title",
        "tr",
        "ul",
    ]
)
_VOID = frozenset(["br", "col", "hr", "img", "input", "link", "meta", "wbr"])
_HIDDEN = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0(?![.\d])"
    r"|opacity\s*:\s*0(?![.\d])|\shidden(?=[\s>=])",
    re.IGNORECASE,
)
_WITHIN_LINE = "\u2060"  # of no width, as a tag is
_EDGE = "\n"

Edit = tuple[int, int]


def mask_cards_in_html(html: str) -> str:
    """Each digit of a card number as •, but for the last four; no tag is changed.

    Numbers are found across tags within a line, across cells, and written as entities;
    in attributes and comments; and once more without what a style hides.
    """
    if len(html) < SHORTEST:
        return html
    masked = _with_dots(html, _edits(html))
    if _HIDDEN.search(masked):
        return _with_dots(masked, _Reading(masked, skips_hidden=True).edits())
    return masked


def _with_dots(html: str, edits: list[Edit]) -> str:
    pieces, done = [], 0
    for start, end in sorted(set(edits)):
        pieces += [html[done:start], "•"]
        done = end
    return "".join([*pieces, html[done:]]) if pieces else html


def _edits(html: str) -> list[Edit]:
    reading = _Reading(html)
    return reading.edits() + [
        (start + at, end + at)
        for at, text, kind in reading.set_aside
        for start, end in _edits_aside(text, kind)
    ]


def _edits_aside(text: str, kind: str) -> list[Edit]:
    """In a comment as in a page, but for comments; in a tag's attributes as in words."""
    if kind == "comment":
        inner = text[4:]
        return [(start + 4, end + 4) for start, end in _Reading(inner).edits()]
    return _Reading(text, part=_LETTER).edits()


class _Reading:
    """The words of some HTML, with where in it each of their letters stands."""

    def __init__(
        self,
        html: str,
        *,
        part: re.Pattern[str] = _PART,
        skips_hidden: bool = False,
    ) -> None:
        self._pieces: list[str] = []
        self._read_at: list[int] = []
        self._spans: list[tuple[int, int, bool]] = []
        self._length = 0
        self.set_aside: list[tuple[int, str, str]] = []
        self._hidden = _Hidden() if skips_hidden else None
        done = 0
        for found in part.finditer(html):
            self._add(html[done : found.start()], done, found.start(), as_it_is=True)
            self._add_part(found)
            done = found.end()
        self._add(html[done:], done, len(html), as_it_is=True)

    def _add_part(self, found: re.Match[str]) -> None:
        kind = found.lastgroup or "letter"
        start, end = found.span()
        if kind == "letter":
            self._add(unescape(found[0]), start, end, as_it_is=False)
            return
        if end - start >= SHORTEST:
            self.set_aside.append((start, found[0], kind))
        name = _TAG_NAME.match(found[0])
        is_apart = name is not None and name[2].lower() in _APART
        self._add(_EDGE if is_apart else _WITHIN_LINE, start, end, as_it_is=False)
        if self._hidden is not None and name is not None:
            self._hidden.pass_tag(found[0], name[2].lower(), is_end=bool(name[1]))

    def _add(self, text: str, start: int, end: int, *, as_it_is: bool) -> None:
        if not text or (self._hidden is not None and self._hidden.is_within):
            return
        self._pieces.append(text)
        self._read_at.append(self._length)
        self._spans.append((start, end, as_it_is))
        self._length += len(text)

    def edits(self) -> list[Edit]:
        """Where the digits stand that are to be masked."""
        return [
            self._place(digit)
            for place in find_cards("".join(self._pieces))
            for digit in place.digits[:-LAST]
        ]

    def _place(self, at: int) -> Edit:
        index = bisect_right(self._read_at, at) - 1
        start, end, as_it_is = self._spans[index]
        if not as_it_is:
            return start, end
        start += at - self._read_at[index]
        return start, start + 1


class _Hidden:
    """Whether the reader has gone into an element that a style hides."""

    def __init__(self) -> None:
        self._name, self._depth = "", 0

    @property
    def is_within(self) -> bool:
        return self._depth > 0

    def pass_tag(self, tag: str, name: str, *, is_end: bool) -> None:
        if self._depth:
            if name == self._name:
                self._depth += -1 if is_end else 1
        elif not is_end and name not in _VOID and _HIDDEN.search(tag):
            self._name, self._depth = name, 1
