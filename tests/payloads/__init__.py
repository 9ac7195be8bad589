"""What providers have sent, a folder a channel, byte for byte: `recorded()` reads it.
JSON as it was posted, mail as it was fetched (`.eml`).

A name that begins with `unknown` is an event we do not use, with `invalid` one that
cannot be understood; all others are understood.
"""

from pathlib import Path

_FOLDER = Path(__file__).parent


def recorded(channel: str, kind: str = "") -> list[Path]:
    """The payloads of a channel: understood ones, or those of `kind`."""
    every = sorted(
        path
        for path in (_FOLDER / channel).glob("*")
        if path.suffix in {".json", ".eml"}
    )
    if kind:
        return [path for path in every if path.name.startswith(kind)]
    return [path for path in every if not path.name.startswith(("unknown", "invalid"))]
