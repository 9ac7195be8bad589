"""Text as it is compared, with the way back to the places in the original."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

# A letter with what changes it: half-width voice marks, combining accents.
_LETTER = re.compile("(?s).[\u0300-\u036f\u3099\u309a\uff9e\uff9f]*")


@dataclass(frozen=True)
class Folded:
    """NFKC, lower case. `starts` and `ends` are places in the original, by letter."""

    text: str
    starts: list[int]
    ends: list[int]

    @cached_property
    def digits(self) -> str:
        return digits_in(self.text)

    def holds(self, words: str) -> bool:
        """A cheap first look: of hundreds of companies and words few are in a text."""
        return words.lower() in self.text

    def places(self, pattern: re.Pattern[str]) -> Iterator[tuple[int, int]]:
        """Where `pattern` is found, in places of the original."""
        for match in pattern.finditer(self.text):
            if match.end() > match.start():
                yield self.starts[match.start()], self.ends[match.end() - 1]


def digits_in(text: str) -> str:
    return "".join(letter for letter in text if letter.isdecimal())


def fold(text: str) -> Folded:
    letters: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for match in _LETTER.finditer(text):
        for letter in unicodedata.normalize("NFKC", match[0]).lower():
            letters.append(letter)
            starts.append(match.start())
            ends.append(match.end())
    return Folded("".join(letters), starts, ends)
