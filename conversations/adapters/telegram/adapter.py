"""Telegram: who may post, what it offers, and how a reply leaves."""

import hmac
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from pydantic import ValidationError

from conversations.adapters.base import (
    Adapter,
    Capabilities,
    MediaLimit,
    Outbound,
    Part,
    Report,
    Sent,
    WebhookRequest,
)
from conversations.adapters.events import Parsed
from conversations.adapters.failures import (
    InvalidPayloadError,
    InvalidSignatureError,
    SendError,
)
from conversations.adapters.masking import json_event, read_json
from conversations.adapters.payload import first_fault
from conversations.adapters.raw import RawEvent
from conversations.adapters.telegram.about import ABOUT
from conversations.adapters.telegram.client import TelegramClient
from conversations.adapters.telegram.parse import message_id_of, parse_update
from conversations.adapters.telegram.payloads import Update
from conversations.adapters.telegram.set_up import FIELDS, report, webhook_secret
from conversations.adapters.telegram.writing import FILE_BYTES, MEDIA, TEXT_LIMIT, parts
from conversations.choices import FailureCode


class TelegramAdapter(Adapter):
    """A bot is never told whether what it wrote was read, or arrived."""

    about = ABOUT
    capabilities = Capabilities(
        text_limit=TEXT_LIMIT,
        text_unit="utf16",
        splits_text=True,
        carries_files=True,
        media={kind: MediaLimit(types, FILE_BYTES) for kind, types in MEDIA.items()},
        file_life=timedelta(hours=1),
        identity_kind="telegram",
        has_quotes=True,
        has_edits=True,
        sets_webhook=True,
    )
    fields = FIELDS

    def verify(self, request: WebhookRequest) -> None:
        given = request.headers.get("x-telegram-bot-api-secret-token", "").encode()
        for token in self.connection.secret_values("bot_token"):
            secret = webhook_secret(token, self.connection.inbox_key)
            if hmac.compare_digest(secret.encode(), given):
                return
        raise InvalidSignatureError

    def split(self, request: WebhookRequest) -> Sequence[RawEvent]:
        payload = read_json(request.body)
        number = payload.get("update_id") if isinstance(payload, dict) else None
        if not isinstance(number, int) or isinstance(number, bool):
            raise InvalidPayloadError("no update of Telegram")
        return [json_event(str(number), payload, is_message="message" in payload)]

    def parse(self, body: bytes) -> Sequence[Parsed]:
        try:
            update = Update.model_validate(read_json(body))
        except ValidationError as error:
            raise InvalidPayloadError(first_fault(error)) from error
        return parse_update(update)

    @contextmanager
    def media(self, source: Mapping[str, Any]) -> Iterator[Iterator[bytes]]:
        """In two steps: Telegram tells a path that works for an hour.

        It gives bots no file of more than 20 MB, and says so here. Source: "getFile".
        """
        client = TelegramClient(self.connection)
        answer = client.call("getFile", {"file_id": str(source.get("file_id", ""))})
        path = answer.get("file_path") if isinstance(answer, dict) else None
        if not path:
            raise SendError(FailureCode.PROVIDER, "no file path", permanent=False)
        with client.stream(str(path)) as chunks:
            yield chunks

    def plan(self, outbound: Outbound) -> Sequence[Part]:
        return parts(outbound)

    def send(self, outbound: Outbound, part: Part, *, key: str) -> Sent:
        payload = dict(part.payload)
        method = payload.pop("method")
        field = payload.pop("field", "")
        values = {"chat_id": outbound.recipient.value, **payload}
        upload = None
        if part.file is not None:
            file = outbound.files[part.file]
            upload = (field, (file.name, file.load(), file.content_type))
        result = TelegramClient(self.connection).call(method, values, file=upload)
        number = result.get("message_id") if isinstance(result, dict) else None
        if not isinstance(number, int):
            return Sent()
        return Sent([message_id_of(outbound.recipient.value, number)])

    def check(self) -> Report:
        return report(self.connection)
