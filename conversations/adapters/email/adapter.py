"""Email: mailboxes read with IMAP and sent from with SMTP, and mail providers."""

from collections.abc import Sequence
from datetime import timedelta

from conversations.adapters.base import (
    Adapter,
    Capabilities,
    Outbound,
    Part,
    Report,
    Sent,
    WebhookRequest,
)
from conversations.adapters.email import esp, esp_check, setting, smtp, webhook
from conversations.adapters.email.about import ABOUT
from conversations.adapters.email.compose import addressees, compose
from conversations.adapters.email.deliverable import deliverable_payload
from conversations.adapters.email.imap import folders_of
from conversations.adapters.email.incoming import understood
from conversations.adapters.email.outgoing import message_of, payload_of, recipients
from conversations.adapters.email.setting import FIELDS, Setting
from conversations.adapters.email.sign_in import MailboxSignIn
from conversations.adapters.email.tracking import understood_note
from conversations.adapters.events import Parsed
from conversations.adapters.failures import (
    InvalidPayloadError,
    InvalidSignatureError,
    SendError,
)
from conversations.adapters.letter import Addressees, Letter, LetterDraft
from conversations.adapters.raw import RawEvent
from conversations.choices import FailureCode
from conversations.contents.email import Email

MEGABYTE = 1024 * 1024
# What most mailboxes take, packed as it is for the way.
_MOST_FILES = 18 * MEGABYTE


class EmailAdapter(Adapter):
    about = ABOUT
    capabilities = Capabilities(
        answer_within=timedelta(hours=4),
        text_limit=20_000,
        has_receipts=True,
        carries_files=True,
        max_files=30,
        has_subject=True,
        can_begin=True,
        identity_kind="email",
        webhook_limit=40 * MEGABYTE,
    )
    fields = FIELDS

    @property
    def _setting(self) -> Setting:
        return Setting(self.connection)

    @property
    def has_webhook(self) -> bool:
        return self._setting.kind in setting.ESPS

    @property
    def sign_in(self) -> MailboxSignIn | None:
        is_mailbox = self._setting.kind in setting.SIGN_IN_NAMES
        return MailboxSignIn(self._setting) if is_mailbox else None

    def verify(self, request: WebhookRequest) -> None:
        if self._setting.kind not in setting.ESPS:
            raise InvalidSignatureError
        webhook.verify(request, self._setting)

    def split(self, request: WebhookRequest) -> Sequence[RawEvent]:
        return webhook.split(request, self._setting)

    def parse(self, body: bytes) -> Sequence[Parsed]:
        if body.startswith(b"{"):
            return understood_note(body)
        if not body.strip():
            raise InvalidPayloadError("an empty mail")
        return understood(body, self._setting)

    def compose(self, draft: LetterDraft) -> Letter:
        return compose(draft, self._setting)

    def addressees(self, original: Email | None, subject: str) -> Addressees:
        return addressees(original, subject, self._setting)

    def plan(self, outbound: Outbound) -> Sequence[Part]:
        size = sum(file.size for file in outbound.files)
        if size > _MOST_FILES:
            raise SendError(FailureCode.FILE_SIZE, permanent=True)
        return [Part(payload_of(outbound, self._setting))]

    def send(self, outbound: Outbound, part: Part, *, key: str) -> Sent:
        settings = self._setting
        if settings.kind in setting.ESPS:
            payload = deliverable_payload(part.payload, takes_utf8=False)
            return esp.send(payload, outbound.files, settings, at=outbound.written_at)
        with smtp.signed_in(settings) as server:
            takes_utf8 = server.has_extn("smtputf8")
            payload = deliverable_payload(part.payload, takes_utf8=takes_utf8)
            message = message_of(
                payload, outbound.files, settings, at=outbound.written_at
            )
            sender = payload["from"][1]
            refused = smtp.hand_over(server, sender, recipients(payload), message)
        facts = {"refused": sorted(refused)} if refused else {}
        return Sent([part.payload["message_id"]], facts=facts)

    def check(self) -> Report:
        """Signs in where mail is read and where it leaves, or calls the provider."""
        settings = self._setting
        if settings.kind in setting.ESPS:
            return Report(
                address=settings.address,
                name=settings["from_name"],
                findings=esp_check.findings_of(settings),
            )
        names = folders_of(settings)
        with smtp.signed_in(settings):
            pass
        return Report(
            address=settings.address,
            name=settings["from_name"],
            facts={"folders": names[:100]},
        )
