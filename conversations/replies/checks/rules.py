"""All the rules together: `warnings_for` is what the composer asks before a send."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from hashlib import sha256

from agentdesk.card_masking import card_places, mask_cards
from conversations.replies.checks.addressee import Addressees, wrong_greetings
from conversations.replies.checks.attachment import missing_attachments
from conversations.replies.checks.blanks import unfilled_places
from conversations.replies.checks.folding import fold
from conversations.replies.checks.names import Company, foreign_places
from conversations.replies.checks.warning import (
    Scope,
    SendWarning,
    WarningKind,
    warning_at,
)
from conversations.replies.checks.words import listed_places
from conversations.replies.checks.written import written_part

MOST = 5  # of one kind: the sixth says nothing new
_WITHIN = 40_000  # letters that are looked at


@dataclass(frozen=True)
class House:
    """What one account must not say: the other companies, its own list of words, and
    the names of others than `addressees` in a greeting."""

    own: Company = field(default_factory=lambda: Company(""))
    others: Sequence[Company] = ()
    lines: Sequence[str] = ()
    addressees: Addressees = field(default_factory=Addressees)


def warnings_for(
    text: str, *, scope: Scope, has_files: bool, house: House
) -> list[SendWarning]:
    """In the order of the text; empty where nothing is to be said."""
    text = text[:_WITHIN]
    found = list(_cards(text))
    if scope == Scope.REPLY:
        found += _of_reply(text, has_files, house)
    return sorted(_few(found), key=lambda warning: (warning.start, warning.end))


def digest(text: str, found: Sequence[SendWarning]) -> str:
    """What a person confirms: this text with these warnings, and no other."""
    places = [f"{one.kind}:{one.start}:{one.end}:{one.about}" for one in found]
    return sha256("\0".join([text, *places]).encode("utf-8", "replace")).hexdigest()


def _of_reply(text: str, has_files: bool, house: House) -> Iterator[SendWarning]:
    written = written_part(text)
    if not has_files:
        for start, end in missing_attachments(written):
            yield warning_at(text, WarningKind.ATTACHMENT, start, end)
            break
    folded = fold(written)
    for start, end, company in foreign_places(folded, house.own, house.others):
        yield warning_at(text, WarningKind.ACCOUNT, start, end, about=company.name)
    for start, end, better in listed_places(folded, house.lines):
        yield warning_at(text, WarningKind.WORD, start, end, about=better)
    for start, end in wrong_greetings(written, house.addressees):
        about = house.addressees.shown
        yield warning_at(text, WarningKind.ADDRESSEE, start, end, about=about)
    for start, end in unfilled_places(written):
        yield warning_at(text, WarningKind.BLANK, start, end)


def _cards(text: str) -> Iterator[SendWarning]:
    for start, end in card_places(text):
        shown = mask_cards(text[start:end])
        yield warning_at(text, WarningKind.CARD, start, end, words=shown)


def _few(found: Sequence[SendWarning]) -> Iterator[SendWarning]:
    """Each place once, and no kind more than MOST times."""
    shown: dict[WarningKind, list[tuple[int, int]]] = {}
    for warning in found:
        places = shown.setdefault(warning.kind, [])
        is_within = any(a <= warning.start and warning.end <= b for a, b in places)
        if not is_within and len(places) < MOST:
            places.append((warning.start, warning.end))
            yield warning
