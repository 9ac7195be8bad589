"""Finding card numbers in text, and cutting them out."""

from collections.abc import Iterator
from dataclasses import dataclass

from agentdesk.card_masking.context import is_free
from agentdesk.card_masking.issuers import SHORTEST
from agentdesk.card_masking.runs import Row, rows_of
from agentdesk.card_masking.shapes import has_shape

LAST = 4  # digits that may be stored


@dataclass(frozen=True)
class CardPlace:
    """Where a number stands in a text, and each of its digits."""

    start: int
    end: int
    last_digits: str
    digits: list[int]


def find_cards(text: str, *, in_names: bool = False) -> list[CardPlace]:
    """In the order of the text; the time it takes grows as the text does."""
    if len(text) < SHORTEST:
        return []
    found = [place for row in rows_of(text) for place in _cards_of(row, in_names)]
    return sorted(found, key=lambda place: place.start)


def _cards_of(row: Row, in_names: bool) -> Iterator[CardPlace]:
    first = 0
    while first < len(row):
        after = _card_end(row, first, in_names)
        if after:
            yield CardPlace(
                start=row.spans[first][0],
                end=row.spans[after - 1][1],
                last_digits=row.number(first, after)[-LAST:],
                digits=row.places(first, after),
            )
        first = after or first + 1


def _card_end(row: Row, first: int, in_names: bool) -> int:
    """Behind which group the card number ends that begins with `first`; 0: none does."""
    for after in row.card_ends(first):
        if has_shape(row, first, after) and is_free(
            row, first, after, in_names=in_names
        ):
            return after
    return 0


def mask_cards(text: str, *, in_names: bool = False) -> str:
    """Card numbers as •••• and their last four digits; all else unchanged.

    A number is a card's where a network issues such numbers, its check digit is right,
    people set card numbers so, and it is no part of a longer word, a file's name or an
    address. `in_names`: what stands in the address of a page or a mail is masked too.
    """
    pieces, done = [], 0
    for place in find_cards(text, in_names=in_names):
        pieces += [text[done : place.start], f"•••• •••• •••• {place.last_digits}"]
        done = place.end
    return "".join([*pieces, text[done:]]) if pieces else text


def card_places(text: str) -> list[tuple[int, int]]:
    """Start and end of each card number."""
    return [(place.start, place.end) for place in find_cards(text)]


def holds_card(text: str) -> bool:
    """Whether a card number is in it, wherever it stands."""
    return bool(find_cards(text, in_names=True))
