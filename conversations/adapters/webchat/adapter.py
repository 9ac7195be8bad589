"""Our own web chat. Its visitors write over our own endpoints; nothing is parsed here."""

from collections.abc import Sequence
from datetime import timedelta

from conversations.adapters.base import Adapter, Capabilities, WebhookRequest
from conversations.adapters.events import Parsed
from conversations.adapters.failures import InvalidPayloadError, InvalidSignatureError
from conversations.adapters.webchat.about import ABOUT


class WebChatAdapter(Adapter):
    """The customer's side is our own widget, which reads what has been committed."""

    about = ABOUT
    capabilities = Capabilities(
        text_limit=20_000,
        is_instant=True,
        is_live=True,
        answer_within=timedelta(minutes=3),
        is_on_sites=True,
        has_receipts=True,
        has_typing=True,
        carries_files=True,
    )

    def verify(self, request: WebhookRequest) -> None:
        raise InvalidSignatureError  # no provider posts for a web chat

    def parse(self, body: bytes) -> Sequence[Parsed]:
        raise InvalidPayloadError("a web chat has no provider events")
