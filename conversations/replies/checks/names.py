"""Another company's name or address, found where it really is meant."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from conversations.replies.checks.folding import Folded, digits_in

SHORTEST = 2  # letters; one is never only a name
_SURE = 4  # letters from which on a name in Japanese letters needs no edge
_LEGAL_FORM = re.compile(
    r"株式会社|有限会社|合同会社|合資会社|\((?:株|有|合)\)"
    r"|,?\s*\b(?:inc|ltd|llc|corp|co)\b\.?",
    re.IGNORECASE,
)
_SCRIPTS = (
    ("latin", re.compile(r"[0-9a-z\u00df-\u024f]")),
    ("katakana", re.compile(r"[ァ-ヺー]")),
    ("hiragana", re.compile(r"[ぁ-ゖ]")),
    ("kanji", re.compile(r"[々〆㐀-鿿豈-﫿\U00020000-\U0003ffff]")),
)
# What may follow the name of a company in the letters it ends with.
_AFTER_KANJI = "様社殿製店本支公の"


@dataclass(frozen=True)
class Company:
    """What gives a client company away: its name, and where it is reached.

    `domains` are host names, `phones` numbers as they are written nationally and E.164,
    `emails` its mailboxes and other names that stand alone (@shop).
    """

    name: str
    domains: frozenset[str] = frozenset()
    phones: frozenset[str] = frozenset()
    emails: frozenset[str] = frozenset()


def foreign_places(
    folded: Folded, own: Company, others: Iterable[Company]
) -> Iterator[tuple[int, int, Company]]:
    """Where the text names one of `others`, and not `own`, which may hold its name."""
    ours = [place for core in _cores(own.name) for place in _named(folded, core)]
    for company in others:
        for start, end in _company_places(folded, company, own):
            if not any(a <= start and end <= b for a, b in ours):
                yield start, end, company


def _company_places(
    folded: Folded, company: Company, own: Company
) -> Iterator[tuple[int, int]]:
    for core in _cores(company.name):
        yield from _named(folded, core)
    for address in filter(folded.holds, company.emails - own.emails):
        yield from folded.places(_standing_alone(address))
    for domain in filter(folded.holds, company.domains - own.domains):
        yield from folded.places(
            re.compile(rf"(?<![0-9a-z-]){re.escape(domain)}(?![0-9a-z-])")
        )
    for number in company.phones - own.phones:
        if digits_in(number) in folded.digits:
            yield from folded.places(_set_apart(digits_in(number)))


def _cores(name: str) -> list[str]:
    """The folded name without its legal form; nothing where that is too short."""
    folded = unicodedata.normalize("NFKC", name).lower()
    core = " ".join(_LEGAL_FORM.sub(" ", folded).split())
    return [core] if len(core) >= SHORTEST else []


def _named(folded: Folded, core: str) -> Iterator[tuple[int, int]]:
    if not all(map(folded.holds, core.split())):
        return
    words = r"\s*".join(re.escape(word) for word in core.split())
    before, after = _edges(core)
    yield from folded.places(re.compile(f"{before}{words}{after}"))


def _edges(core: str) -> tuple[str, str]:
    """Where the letters around it would make it part of another word."""
    first, last = _script_of(core[0]), _script_of(core[-1])
    letters = dict(_SCRIPTS)
    always = {"latin", "katakana"}
    is_sure = len(core) >= _SURE
    before = after = ""
    if first in always or (first and not is_sure):
        before = f"(?<!{letters[first].pattern})"
    if last in always:
        after = f"(?!{letters[last].pattern})"
    elif last == "kanji" and not is_sure:
        after = f"(?!(?![{_AFTER_KANJI}]){letters['kanji'].pattern})"
    return before, after


def _script_of(letter: str) -> str:
    return next((name for name, letters in _SCRIPTS if letters.match(letter)), "")


def _standing_alone(address: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![0-9a-z_.+-]){re.escape(address.lower())}(?![0-9a-z-])")


def _set_apart(digits: str) -> re.Pattern[str]:
    """A telephone number however its digits are set apart."""
    return re.compile(r"(?<!\d)" + r"[\s()・.ー−–-]{0,2}".join(digits) + r"(?!\d)")
