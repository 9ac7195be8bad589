"""What a mail provider posts as a form, in bytes: Django would read a mail as UTF-8."""

from collections.abc import Mapping
from urllib.parse import parse_qsl

from conversations.adapters.base import WebhookRequest
from conversations.adapters.email.structure import content_of, take_apart

_MOST = 1_000


def form_fields(request: WebhookRequest) -> Mapping[str, bytes]:
    """With the bounds of a mail: it is read before it is known who asks.

    Raises ValueError.
    """
    content_type = request.headers.get("content-type", "")
    if content_type.startswith("application/x-www-form-urlencoded"):
        text = request.body.decode("latin-1")
        pairs = parse_qsl(
            text, keep_blank_values=True, encoding="latin-1", max_num_fields=_MOST
        )
        return {name: value.encode("latin-1") for name, value in pairs}
    head = f"Content-Type: {content_type}\r\n\r\n".encode()
    form, _flaws = take_apart(head + request.body)
    found: dict[str, bytes] = {}
    for part in form.children:
        _kind, parameters = part.disposition
        if (name := parameters.get("name")) and "filename" not in parameters:
            found.setdefault(name, content_of(part)[0])
    return found
