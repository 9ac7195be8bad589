from collections.abc import Mapping, Sequence

from conversations.adapters.base import Capabilities, InvalidPayloadError, Parsed


class PhoneAdapter:
    capabilities = Capabilities(text_limit=0, can_reply=False)

    def verify(self, headers: Mapping[str, str], body: bytes, secret: str) -> None:
        """The API key of the inbox has been checked before the body is read."""

    def parse(self, body: bytes) -> Sequence[Parsed]:
        raise InvalidPayloadError("not understood")
