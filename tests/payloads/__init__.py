"""What providers have sent, a folder a channel, byte for byte: `recorded()` reads it.
What was posted, that is: mails as they were fetched (`.eml`) stand beside it.

A name that begins with `unknown` is an event we do not use, with `invalid` one that
cannot be understood, with `several` one of several senders; all others are understood.
"""

from pathlib import Path

_FOLDER = Path(__file__).parent
_KINDS = ("unknown", "invalid")


def recorded(channel: str, kind: str = "") -> list[Path]:
    """The payloads of a channel: understood ones, or those of `kind`."""
    every = sorted(
        path
        for path in (_FOLDER / channel).glob("*")
        if path.is_file() and path.suffix not in {".py", ".eml"}
    )
    if kind:
        return [path for path in every if path.name.startswith(kind)]
    return [path for path in every if not path.name.startswith(_KINDS)]


def mails() -> list[Path]:
    """Mails as real programs write them."""
    return sorted((_FOLDER / "email").glob("*.eml"))
