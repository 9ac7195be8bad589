"""How the simulated LINE words what it refuses, and shows what it takes."""

from collections.abc import Mapping
from typing import Any

from conversations.adapters.simulation.wire import Answer
from conversations.adapters.splitting import utf16_length

_TEXT_LIMIT = 5000


def more_faults(messages: Any) -> list[tuple[str, str]]:
    """What the file does not say, but the documentation does."""
    found = []
    for index, one in enumerate(messages):
        text = one.get("text")
        if isinstance(text, str) and not 0 < utf16_length(text) <= _TEXT_LIMIT:
            found.append(
                (f"messages[{index}].text", "Length must be between 0 and 5000")
            )
        for name in ("originalContentUrl", "previewImageUrl"):
            address = one.get(name, "https:")
            # Our own address on this machine is the only one without TLS.
            if not address.startswith(("https:", "http://127.0.0.1")):
                found.append((f"messages[{index}].{name}", "Must be a valid https URL"))
    return found


def bad_body(found: list[tuple[str, str]]) -> Answer:
    details = [{"property": place, "message": text} for place, text in found]
    message = f"The request body has {len(found)} error(s)"
    return Answer.json({"message": message, "details": details}, status=400)


def accepted_before(request_id: str, sent: list[dict[str, str]]) -> Answer:
    body = {"message": "The retry key is already accepted", "sentMessages": sent}
    return Answer.json(
        body, status=409, headers={"X-Line-Accepted-Request-Id": request_id}
    )


def shown(message: Mapping[str, Any]) -> str:
    kind = message["type"]
    if kind == "template":
        action = message["template"]["actions"][0]
        return f"{message['altText']} [{action['label']}] {action.get('uri', '')}"
    return str(
        message.get("text") or f"[{kind}] {message.get('originalContentUrl', '')}"
    )
