"""A mail's text as its own words, the history it quotes, and the signature: to fold.

Nothing is ever taken away: the pieces together are the text.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby

from conversations.adapters.email.quote_marks import (
    history_after,
    is_forward,
    is_quoted,
)
from conversations.adapters.email.signature import signature_start

MAX_LINES = 1_000  # read; what comes after goes with the last of them
_SHORT_QUOTE = 8  # lines: above an answer it is what the answer is about


class Kind(StrEnum):
    OWN = "own"
    QUOTE = "quote"
    SIGNATURE = "signature"


@dataclass(frozen=True)
class Piece:
    kind: Kind
    text: str

    @property
    def is_folded(self) -> bool:
        return self.kind != Kind.OWN


def split_quotes(text: str) -> list[Piece]:
    """Never all folded: what is nothing but a quote is shown as it is."""
    lines = text.splitlines(keepends=True)
    kinds = _kinds([line.rstrip() for line in lines[:MAX_LINES]])
    if len(lines) <= MAX_LINES:
        _fold_signature(lines, kinds)
    _open_short_quotes(lines, kinds)
    if not any(
        kind == Kind.OWN and line.strip()
        for line, kind in zip(lines, kinds, strict=False)
    ):
        return [Piece(Kind.OWN, text)] if text else []
    kinds += kinds[-1:] * (len(lines) - len(kinds))
    return [
        Piece(kind, "".join(line for line, _kind in group))
        for kind, group in groupby(
            zip(lines, kinds, strict=True), key=lambda pair: pair[1]
        )
    ]


def own_words(text: str) -> str:
    """What the writer has written now; all of it where nothing else is there."""
    return "".join(
        piece.text for piece in split_quotes(text) if not piece.is_folded
    ).strip()


def _kinds(lines: list[str]) -> list[Kind]:
    kinds: list[Kind] = []
    while len(kinds) < len(lines):
        at = len(kinds)
        if is_forward(lines[at]):
            # What is passed on is what the mail is about.
            kinds += [Kind.OWN] * (len(lines) - at)
        elif (after := history_after(lines, at)) is not None:
            end = (
                _end_of_quote(lines, after) if _is_marked(lines, after) else len(lines)
            )
            kinds += [Kind.QUOTE] * (end - at)
        elif is_quoted(lines[at]):
            kinds += [Kind.QUOTE] * (_end_of_quote(lines, at) - at)
        else:
            kinds.append(Kind.OWN)
    return kinds


def _is_marked(lines: list[str], at: int) -> bool:
    """The history has a > before each line: answers may stand in between."""
    following = next((line for line in lines[at : at + 3] if line.strip()), "")
    return is_quoted(following)


def _end_of_quote(lines: list[str], at: int) -> int:
    """Blank lines belong to it where it goes on after them."""
    end = at
    for index in range(at, len(lines)):
        if is_quoted(lines[index]):
            end = index + 1
        elif lines[index].strip():
            break
    return end


def _open_short_quotes(lines: list[str], kinds: list[Kind]) -> None:
    """A few quoted lines with an answer below them are part of the answer."""
    has_answer = False
    for start, end in reversed(list(_runs(kinds))):
        if kinds[start] == Kind.OWN:
            has_answer = has_answer or any(line.strip() for line in lines[start:end])
        elif has_answer and end - start <= _SHORT_QUOTE:
            kinds[start:end] = [Kind.OWN] * (end - start)


def _runs(kinds: list[Kind]) -> Iterator[tuple[int, int]]:
    start = 0
    for _kind, group in groupby(kinds):
        end = start + len(list(group))
        yield start, end
        start = end


def _fold_signature(lines: list[str], kinds: list[Kind]) -> None:
    """Of the last words of the writer's own: at the end, or above the history."""
    for start, end in reversed(list(_runs(kinds))):
        own = [line.rstrip() for line in lines[start:end]]
        if kinds[start] != Kind.OWN or not any(own):
            continue
        if any(is_forward(line) for line in own):
            return
        at = signature_start(own)
        if at is None:
            return
        kinds[start + at : end] = [Kind.SIGNATURE] * (end - start - at)
        if any(own[:at]):
            return
