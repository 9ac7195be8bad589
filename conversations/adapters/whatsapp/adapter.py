"""WhatsApp Cloud API: one business number. Source: WhatsApp Business Platform, v25.0."""

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from django.utils.translation import gettext_noop as _
from pydantic import ValidationError

from conversations.adapters.base import (
    Acknowledgement,
    Adapter,
    Capabilities,
    Field,
    MediaLimit,
    Outbound,
    OutboundFile,
    Part,
    Report,
    Sent,
    WebhookRequest,
)
from conversations.adapters.events import Parsed, Person
from conversations.adapters.failures import InvalidPayloadError, SendError
from conversations.adapters.masking import read_json
from conversations.adapters.meta_graph import door, fields
from conversations.adapters.meta_graph.client import GraphClient
from conversations.adapters.meta_graph.marker import mark
from conversations.adapters.payload import first_fault
from conversations.adapters.provider_template import ProviderTemplate
from conversations.adapters.raw import RawEvent
from conversations.adapters.splitting import pieces
from conversations.adapters.whatsapp.about import ABOUT
from conversations.adapters.whatsapp.check import number_report
from conversations.adapters.whatsapp.payloads import StoredEvent
from conversations.adapters.whatsapp.reading import read
from conversations.adapters.whatsapp.split import split
from conversations.adapters.whatsapp.templates import components_of, fetch_templates
from conversations.choices import FailureCode

_MB = 1024 * 1024
_OFFICE = "application/vnd.openxmlformats-officedocument."
_LINK = re.compile(r"https?://")
_SETUP = "Meta for Developers > WhatsApp > APIの設定 (WhatsApp > API Setup)"


class WhatsAppAdapter(Adapter):
    about = ABOUT
    account = "phone_number_id"
    capabilities = Capabilities(
        text_limit=4096,
        splits_text=True,
        has_receipts=True,
        carries_files=True,
        media={
            "image": MediaLimit(frozenset({"image/jpeg", "image/png"}), 5 * _MB),
            "audio": MediaLimit(
                frozenset({"audio/aac", "audio/mp4", "audio/mpeg", "audio/ogg"}),
                16 * _MB,
            ),
            "video": MediaLimit(frozenset({"video/mp4", "video/3gpp"}), 16 * _MB),
            "document": MediaLimit(
                frozenset(
                    {
                        "application/pdf",
                        "application/msword",
                        "application/vnd.ms-excel",
                        "application/vnd.ms-powerpoint",
                        f"{_OFFICE}wordprocessingml.document",
                        f"{_OFFICE}spreadsheetml.sheet",
                        f"{_OFFICE}presentationml.presentation",
                        "text/plain",
                    }
                ),
                100 * _MB,
            ),
        },
        reply_window=timedelta(hours=24),
        has_templates=True,
        has_edits=True,
        has_unsend=True,
        has_quotes=True,
        can_begin=True,
        has_aliases=True,
        identity_kind="whatsapp",
        marks_read=True,
    )
    fields = (
        fields.APP_ID,
        fields.APP_SECRET,
        Field(
            "phone_number_id",
            _("Phone number ID"),
            help=_("What Meta calls the number: not the telephone number itself."),
            where=f"{_SETUP} > 電話番号ID (Phone number ID)",
            pattern=r"\d{5,20}",
        ),
        Field(
            "waba_id",
            _("WhatsApp Business account ID"),
            help=_("It stands below the phone number ID. Templates belong to it."),
            where=f"{_SETUP} > WhatsApp BusinessアカウントID (WhatsApp Business Account ID)",
            pattern=r"\d{5,20}",
        ),
        Field(
            "access_token",
            _("System user access token"),
            help=_(
                "Make a system user, give it the app and the WhatsApp account, then"
                " generate a token that never expires. The token shown under API Setup"
                " ends after a day."
            ),
            where=(
                "Meta Business Suite > 設定 > ユーザー > システムユーザー > トークンを生成"
                " (Settings > Users > System users > Generate token)"
            ),
            pattern=r"[!-~]{20,600}",
            is_secret=True,
        ),
        fields.VERIFY_TOKEN,
    )

    def challenge(self, request: WebhookRequest) -> Acknowledgement:
        return door.challenge(self.connection, request)

    def verify(self, request: WebhookRequest) -> None:
        door.verify(self.connection, request)

    def split(self, request: WebhookRequest) -> Sequence[RawEvent]:
        return split(request.body)

    def parse(self, body: bytes) -> Sequence[Parsed]:
        try:
            stored = StoredEvent.model_validate(read_json(body))
        except ValidationError as error:
            raise InvalidPayloadError(first_fault(error)) from error
        if not stored.field:
            raise InvalidPayloadError("no event of WhatsApp")
        return read(stored, self._number_id)

    @contextmanager
    def media(self, source: Mapping[str, Any]) -> Iterator[Iterator[bytes]]:
        """In two steps: Meta tells an address that works for five minutes."""
        client = GraphClient(self.connection)
        answer = client.get(f"/{source['id']}", phone_number_id=self._number_id)
        with client.stream(str(answer.get("url", "")), is_signed=True) as chunks:
            yield chunks

    # --- out ---
    def plan(self, outbound: Outbound) -> Sequence[Part]:
        template = outbound.data.get("template")
        if template:
            return [self._template_part(outbound, template)]
        messages: list[tuple[dict[str, Any], int | None]] = [
            (_text(text), None)
            for text in pieces(outbound.body, self.capabilities.text_limit)
        ]
        for index, file in enumerate(outbound.files):
            messages.append((self._file_message(file), index))
        if messages and outbound.quoted_id:
            messages[0][0]["context"] = {"message_id": outbound.quoted_id}
        return [
            Part(_marked(message, outbound, number), file=index)
            for number, (message, index) in enumerate(messages)
        ]

    def _template_part(self, outbound: Outbound, template: Mapping[str, Any]) -> Part:
        filled = {
            "name": template["name"],
            "language": {"code": template["language"]},
            "components": components_of(template.get("variables", ())),
        }
        payload: dict[str, Any] = {"type": "template", "template": filled}
        file = None
        if template.get("header_file"):
            if not outbound.files:
                raise SendError(FailureCode.TEMPLATE, "no file", permanent=True)
            payload["header_file"] = self._kind_of(outbound.files[0])
            file = 0
        return Part(_marked(payload, outbound, 0), file=file)

    def _file_message(self, file: OutboundFile) -> dict[str, Any]:
        kind = self._kind_of(file)
        named = {"filename": file.name} if kind == "document" else {}
        return {"type": kind, kind: named}

    def _kind_of(self, file: OutboundFile) -> str:
        """Raises SendError."""
        for kind, limit in self.capabilities.media.items():
            if file.content_type in limit.types:
                if file.size > limit.max_bytes:
                    raise SendError(FailureCode.FILE_SIZE, file.name, permanent=True)
                return kind
        raise SendError(FailureCode.FILE_KIND, file.name, permanent=True)

    def send(self, outbound: Outbound, part: Part, *, key: str) -> Sent:
        client = GraphClient(self.connection)
        body = {**_ADDRESSED, **_recipient(outbound), **part.payload}
        if part.file is not None:
            media_id = self._upload(client, outbound.files[part.file])
            _put_file(body, media_id)
        answer = client.post(f"/{self._number_id}/messages", body)
        sent = answer.get("messages")
        ids = [str(one["id"]) for one in sent] if isinstance(sent, list) else []
        return Sent(ids)

    def _upload(self, client: GraphClient, file: OutboundFile) -> str:
        answer = client.upload(
            f"/{self._number_id}/media",
            {"messaging_product": "whatsapp", "type": file.content_type},
            "file",
            (file.name, file.load(), file.content_type),
        )
        return str(answer.get("id", ""))

    def templates(self) -> Sequence[ProviderTemplate]:
        account_id = self.connection.settings.get("waba_id", "")
        return fetch_templates(GraphClient(self.connection), account_id)

    def mark_read(self, person: Person, facts: Mapping[str, Any]) -> None:
        """Of the last message; all before it are read with it."""
        if facts.get("read_id"):
            status = {"status": "read", "message_id": facts["read_id"]}
            GraphClient(self.connection).post(
                f"/{self._number_id}/messages",
                {"messaging_product": "whatsapp", **status},
            )

    def check(self) -> Report:
        return number_report(self.connection)

    @property
    def _number_id(self) -> str:
        return self.connection.settings.get("phone_number_id", "")


_ADDRESSED = {"messaging_product": "whatsapp", "recipient_type": "individual"}


def _text(text: str) -> dict[str, Any]:
    has_link = bool(_LINK.search(text))
    return {"type": "text", "text": {"body": text, "preview_url": has_link}}


def _marked(message: dict[str, Any], outbound: Outbound, number: int) -> dict[str, Any]:
    return {**message, "biz_opaque_callback_data": mark(outbound.message_id, number)}


def _recipient(outbound: Outbound) -> dict[str, str]:
    """By number where we know it, so that Meta goes on telling it; else by BSUID.

    Source: WhatsApp Business Platform, "Business-scoped user IDs", "Groups API".
    """
    value = outbound.recipient.value
    if outbound.data.get("place") == "group":
        return {"recipient_type": "group", "to": value}
    number = value if value.startswith("+") else str(outbound.data.get("number", ""))
    return {"to": number.removeprefix("+")} if number else {"recipient": value}


def _put_file(body: dict[str, Any], media_id: str) -> None:
    kind = body.pop("header_file", "")
    if not kind:
        body[body["type"]] = {**body[body["type"]], "id": media_id}
        return
    header = {"type": "header", "parameters": [{"type": kind, kind: {"id": media_id}}]}
    template = body["template"]
    body["template"] = {**template, "components": [header, *template["components"]]}
