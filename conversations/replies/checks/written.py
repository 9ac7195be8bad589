"""Which lines of a text its writer wrote, and which only quote somebody."""

import re

_QUOTED = re.compile(r"\s{0,3}[>＞]")
# From here on everything is the original.
_ORIGINAL = re.compile(
    r"\s*(?:-{2,}\s*(?:original message|元のメッセージ|forwarded message)"
    r"|on\b.{8,200}\bwrote\s*:\s*$"
    r"|\d{4}[年/-]\s?\d{1,2}[月/-].{0,120}[>＞]\s*[:：]\s*$"
    r"|\d{4}[年/-]\s?\d{1,2}[月/-].{0,120}のメール[:：]\s*$)",
    re.IGNORECASE,
)


def written_part(text: str) -> str:
    """`text` with what is quoted blanked out: every place stays where it was."""
    lines, is_original = [], False
    for line in text.split("\n"):
        is_original = is_original or _ORIGINAL.match(line) is not None
        is_theirs = is_original or _QUOTED.match(line) is not None
        lines.append(" " * len(line) if is_theirs else line)
    return "\n".join(lines)
