"""Our mark on what we send: an echo or a receipt that carries it is of our own reply."""

import re

_MARK = re.compile(r"agentdesk:(\d{1,18}):(\d{1,4})")


def mark(message_id: int, number: int) -> str:
    return f"agentdesk:{message_id}:{number}"


def marked(text: str) -> tuple[int, int] | None:
    """The reply and the number of its request; None where the mark is not ours."""
    match = _MARK.fullmatch(text)
    return (int(match[1]), int(match[2])) if match else None
