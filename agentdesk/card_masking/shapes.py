"""How card numbers are set in groups, and how order numbers and lists are."""

import re
from collections.abc import Sequence

from agentdesk.card_masking.runs import Gap, Row

_AMERICAN = ((4, 6, 5), (4, 6, 4))
_ITEM = re.compile(r"\n\d+[.)．）]")  # the number of the next line
_FEWEST_WITH_REST = 4  # groups, where the last is shorter
_MOST_UNEQUAL = 5  # groups of a card that is set in no regular way
_MOST_ONES_BEHIND = 7  # of a number set digit by digit: date and code likewise
_MOST_BEHIND = 4  # groups
# A date beside other digits is an order number's.
_DATE = re.compile(r"(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])")
# What stands behind a number on a card: until when it is valid, and the security code.
_MONTH = r"(?:0?[1-9]|1[0-2])"
_YEAR = r"(?:20)?(?:2[4-9]|3\d)"
_UNTIL = rf"(?:{_MONTH} {_YEAR}|(?:0[1-9]|1[0-2]){_YEAR}|{_YEAR} {_MONTH})"
_BEHIND = re.compile(rf"(?:{_UNTIL}|\d{{3}})(?: (?:{_UNTIL}|\d{{3,4}}))?")


def is_behind(row: Row, after: int) -> bool:
    """Whether what follows is what stands beside a number on its card, and no more."""
    digits, widest = "", 0
    for index in range(after, min(after + _MOST_BEHIND, len(row))):
        digits = f"{digits} {row.digits(index)}".strip()
        widest = max(widest, row.gap_before(index).strength)
        following = index + 1
        is_end = following == len(row) or row.gap_before(following).strength > widest
        if is_end and _BEHIND.fullmatch(digits):
            return True
    return False


def has_shape(row: Row, first: int, after: int) -> bool:
    """Whether people set card numbers so, with what stands around this one."""
    lengths = row.lengths(first, after)
    if len(lengths) == 1:
        return True
    gaps = [row.gap_before(index) for index in range(first + 1, after)]
    by_signs = row.lengths_by_signs(first, after)
    if lengths[-1] < 3 and _ITEM.match(row.text, row.spans[after - 1][0] - 1):
        return False
    if _is_regular(lengths, gaps) or set(by_signs) == {4}:
        return _is_whole(row, first, after, gaps) and not _is_listed(row, first, after)
    is_one = _is_even(lengths, gaps) or _is_one_number(row, first, after, gaps)
    is_ones = set(lengths) == {1}
    return is_one and _stands_apart(row, first, after, gaps, is_ones=is_ones)


def _is_regular(lengths: list[int], gaps: list[Gap]) -> bool:
    """As embossed on cards: in fours, or as American Express and Diners Club do."""
    if tuple(lengths) in _AMERICAN:
        return True
    is_short = lengths[-1] < 4 and len(set(gaps)) == 1
    return set(lengths[:-1]) == {4} and (lengths[-1] == 4 or is_short)


def _is_even(lengths: list[int], gaps: list[Gap]) -> bool:
    """One by one, or in groups of one size that are set apart in one way."""
    unit = lengths[0]
    if set(lengths) == {1}:
        return True
    is_rest = lengths[-1] < unit and len(lengths) >= _FEWEST_WITH_REST
    return (
        set(lengths[:-1]) == {unit}
        and (lengths[-1] == unit or is_rest)
        and len(set(gaps)) == 1
    )


def _is_whole(row: Row, first: int, after: int, gaps: Sequence[Gap]) -> bool:
    """No gap around it is narrower than one within, as between halves of two numbers."""
    widest = max(gap.strength for gap in gaps)
    if first and row.length(first - 1) > 2 and row.gap_before(first).strength < widest:
        return False
    if after == len(row) or is_behind(row, after):
        return True
    return row.gap_before(after).strength >= widest


def _is_listed(row: Row, first: int, after: int) -> bool:
    """Within a list of numbers of four digits, which are not cards one after another."""
    text = row.gap_before(first + 1).text
    if _fours(row, first, after, text) <= 1 or is_behind(row, after):
        return False
    return not (row.is_card(first - 4, first) or row.is_card(after, after + 4))


def _fours(row: Row, first: int, after: int, gap: str) -> int:
    """How many more such groups stand beside these; more than two are not counted."""
    count = 0
    while first and count < 2 and row.length(first - 1) == 4:
        if row.gap_before(first).text != gap:
            break
        first, count = first - 1, count + 1
    while after < len(row) and count < 2 and row.length(after) == 4:
        if row.gap_before(after).text != gap:
            break
        after, count = after + 1, count + 1
    return count


def _is_one_number(row: Row, first: int, after: int, gaps: Sequence[Gap]) -> bool:
    """Of unequal groups: by spaces, or by fours; not as orders are numbered."""
    if len(set(gaps)) > 1 or after - first > _MOST_UNEQUAL:
        return False
    if any(_DATE.fullmatch(row.digits(index)) for index in range(first, after)):
        return False
    lengths = row.lengths(first, after)
    return gaps[0].is_loose or all(length % 4 == 0 for length in lengths)


def _stands_apart(
    row: Row, first: int, after: int, gaps: Sequence[Gap], *, is_ones: bool
) -> bool:
    """Nothing beside it could belong to it. `is_ones`: it is set digit by digit."""
    widest = max(gap.strength for gap in gaps)

    def is_apart(index: int, neighbour: int) -> bool:
        gap = row.gap_before(index)
        if is_ones and row.length(neighbour) != 1:
            return True
        return gap not in gaps and gap.strength >= widest

    if first and not is_apart(first, first - 1):
        return False
    left_over = len(row) - after
    if not left_over or is_behind(row, after):
        return True
    if is_ones and left_over <= _MOST_ONES_BEHIND:
        return True
    return is_apart(after, after)
