"""HTML made to exhaust a parser: cut, flattened or refused before it is parsed.

Parsers take quadratic time for nesting, for attributes of one tag, and for formatting
that is left open over many blocks.
"""

import re
from itertools import islice

from lxml import etree  # type: ignore[import-untyped]
from lxml import html as trees

_MANY_TAGS = 1_000
# Half a second of parsing each; the largest newsletters have some ten thousand.
_MOST = {"<": 50_000, "&": 100_000}
_MAX_ATTRIBUTES = 100
_MAX_FORMATTING = 500_000
_FORMATTING = frozenset(
    {"a", "b", "big", "code", "em", "font", "i", "nobr", "s", "small"}
    | {"strike", "strong", "tt", "u"}
)
_ATTRIBUTE = (
    r"[\s/]*+=?[^\s/>=]{1,100}+"
    r"(?:\s{0,20}+=\s{0,20}+(?:\"[^\"]{0,5000}+\"|'[^']{0,5000}+'|[^\s>\"'][^\s>]{0,2000}+))?+"
)
_LADEN = re.compile(
    rf"(<[a-zA-Z][^\s/>]{{0,40}}+(?:{_ATTRIBUTE}){{{_MAX_ATTRIBUTES}}})"
    rf"(?:{_ATTRIBUTE})++"
)
_DECLARATION = re.compile(r"\A\s*<\?xml[^>]{0,300}>")


def bounded(html: str, limit: int) -> tuple[str, bool]:
    """What may be parsed of it, and whether that is all. Empty where nothing may."""
    shortened = _DECLARATION.sub("", html[:limit])
    shortened = _LADEN.sub(r"\1", shortened)
    is_whole = len(html) <= limit
    for sign in _MOST:
        if (end := _end_of(sign, shortened)) is not None:
            shortened, is_whole = shortened[:end], False
    if shortened.count("<") <= _MANY_TAGS:
        return shortened, is_whole
    flat = _flattened(shortened)
    return flat, is_whole and bool(flat)


def _end_of(sign: str, html: str) -> int | None:
    """Where there are too many; None where there are not."""
    if html.count(sign) <= _MOST[sign]:
        return None
    starts = (match.start() for match in re.finditer(sign, html))
    return next(islice(starts, _MOST[sign], None))


def _flattened(html: str) -> str:
    """As libxml2 reads it, which goes 256 elements deep and no further."""
    try:
        tree = trees.document_fromstring(html)
        if _formatting(tree) > _MAX_FORMATTING:
            return ""
        return str(etree.tostring(tree, encoding="unicode", method="html"))
    except (etree.LxmlError, ValueError, AssertionError, RecursionError):
        return ""


def _formatting(tree: etree._Element) -> int:
    """How many open formatting elements all elements together stand in."""
    total, waiting = 0, [(tree, 0)]
    while waiting and total <= _MAX_FORMATTING:
        element, around = waiting.pop()
        around += element.tag in _FORMATTING
        total += around
        waiting += [(child, around) for child in element]
    return total
