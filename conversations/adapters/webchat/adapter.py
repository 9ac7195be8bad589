from collections.abc import Mapping, Sequence

from conversations.adapters.base import (
    Capabilities,
    InvalidPayloadError,
    InvalidSignatureError,
    Parsed,
)


class WebChatAdapter:
    """The customer's side is our own widget, which reads what has been committed."""

    capabilities = Capabilities(
        text_limit=20_000,
        is_instant=True,
        has_receipts=True,
        has_typing=True,
        carries_files=True,
    )

    def verify(self, headers: Mapping[str, str], body: bytes, secret: str) -> None:
        raise InvalidSignatureError  # no provider posts for a web chat

    def parse(self, body: bytes) -> Sequence[Parsed]:
        raise InvalidPayloadError("a web chat has no provider events")
