"""What no line of any process's log may show: one-time tokens, and people.

Applied to every value of every line, whoever wrote it: our own code, Django, Celery, a
library, or a traceback.
"""

import re
from typing import Any

from structlog.typing import EventDict, WrappedLogger

from agentdesk.card_masking import mask_cards

HIDDEN = "…"
_SHOWN_OF_A_TOKEN = 4
_MASKS = (
    # PostgreSQL quotes the row and the statement that it refuses, pydantic the value.
    (re.compile(r"\b((?:DETAIL|CONTEXT|STATEMENT|QUERY|HINT|LINE \d+):).*"), r"\1 …"),
    (re.compile(r"(invalid input syntax for [\w ]+:).*"), r"\1 …"),
    (re.compile(r"(input_value=).*?(, input_type=)"), r"\1…\2"),
    # Everything behind the path of an address: searched names, codes, signatures.
    (re.compile(r"\?[\w.~%*+\[\]-]+=[^\s\"'<>]*"), f"?{HIDDEN}"),
    # A piece of a path that was drawn at random: of links, files and inboxes.
    (
        re.compile(
            rf"(?<=/)(?=[\w~=.:-]*[A-Z0-9])([\w~=-]{{{_SHOWN_OF_A_TOKEN}}})[\w~=.:-]{{12,}}"
        ),
        rf"\1{HIDDEN}",
    ),
    (re.compile(r"[\w.!#$%&'*+=?^`{|}~-]+@([\w-]+\.[\w.-]+)"), rf"{HIDDEN}@\1"),
    # Telephone numbers as they are stored and as they are typed.
    (
        re.compile(
            r"(?<![\w.:/-])(?:[+＋]\d|[0０])(?:[-‐−－ー ()（）]{0,2}\d){8,13}(?![\w:])"
        ),
        HIDDEN,
    ),
    # No line of ours is Japanese: what is, somebody has typed.
    (re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uff66-\uff9f々〆〇]+"), HIDDEN),
)


def masked(text: str) -> str:
    """`text` without tokens, query strings, addresses, numbers and quoted values."""
    for pattern, replacement in _MASKS:
        text = pattern.sub(replacement, text)
    return mask_cards(text)


def mask_event(logger: WrappedLogger, method: str, event: EventDict) -> EventDict:
    """To stand right before the renderer, when tracebacks are texts already."""
    return {name: _masked_value(value) for name, value in event.items()}


def _masked_value(value: Any) -> Any:
    if isinstance(value, str):
        return masked(value)
    if isinstance(value, dict):
        return {name: _masked_value(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_masked_value(one) for one in value]
    return value
