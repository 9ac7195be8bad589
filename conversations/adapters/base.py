"""What every channel's adapter speaks: the seam between providers and the desk."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, ClassVar, Literal

from conversations.adapters.about import About
from conversations.adapters.answers import Profile as Profile
from conversations.adapters.answers import Quota as Quota
from conversations.adapters.answers import Report as Report
from conversations.adapters.connection import Connection as Connection
from conversations.adapters.connection import WebhookRequest as WebhookRequest
from conversations.adapters.events import Address, Parsed, Person
from conversations.adapters.failures import NotOfferedError
from conversations.adapters.letter import Addressees, Letter, LetterDraft
from conversations.adapters.provider_template import ProviderTemplate
from conversations.adapters.raw import RawEvent
from conversations.adapters.sign_in import SignInPage
from conversations.contents.email import Email


@dataclass(frozen=True)
class Field:
    """One thing an admin pastes from the provider. `label` and `help` are gettext ids.

    `pattern` is a regular expression the whole value must match; `where` names the
    provider's own menu, in its own words. `only_for`: asked for only while the field of
    that name, one with `choices`, has one of these values.
    """

    name: str
    label: str
    help: str = ""
    where: str = ""
    pattern: str = ""
    is_secret: bool = False
    is_required: bool = True
    is_ours: bool = False  # the provider is not asked about it
    is_address: bool = False  # we connect to it: checked against private ranges
    choices: tuple[tuple[str, str], ...] = ()
    default: str = ""
    only_for: tuple[str, tuple[str, ...]] | None = None


@dataclass(frozen=True)
class MediaLimit:
    """What a channel takes of one kind of file; `types` are content types."""

    types: frozenset[str]
    max_bytes: int


@dataclass(frozen=True)
class Capabilities:
    """What a channel can carry. `is_instant`: a reply is there once it is committed.

    `text_limit` is in `text_unit`s a message; `splits_text` sends more as several.
    `reply_window` is counted from the customer's last message, None for no end;
    `human_window` is the longer one a human agent may have where it was granted.
    """

    text_limit: int
    text_unit: Literal["characters", "bytes", "utf16"] = "characters"
    splits_text: bool = False
    is_instant: bool = False
    is_live: bool = False  # the customer sits before it and waits
    answer_within: timedelta = timedelta(minutes=30)  # of opening hours
    can_reply: bool = True
    has_receipts: bool = False
    has_typing: bool = False
    carries_files: bool = False
    media: Mapping[str, MediaLimit] = field(default_factory=dict)  # image, audio, …
    max_files: int = 10
    file_life: timedelta = timedelta(hours=1)  # how long it may come to read a file
    reply_window: timedelta | None = None
    human_window: timedelta | None = None
    reply_token_life: timedelta | None = None  # a free reply, while it lasts
    has_profiles: bool = False  # name and picture can be asked for
    has_templates: bool = False  # the provider's own, outside the window
    is_metered: bool = False
    has_quota: bool = False
    has_edits: bool = False
    has_unsend: bool = False
    has_quotes: bool = False  # a reply may quote one message
    has_subject: bool = False  # and Cc, Bcc: email
    counts_segments: bool = False  # a text costs by its segments
    takes_calls: bool = False  # calls, told by a telephone system
    is_on_sites: bool = False  # stands on pages of the company, with looks of its own
    sets_webhook: bool = False  # the check tells the provider our address
    polls: bool = False  # what its webhook failed to bring is asked for
    finds_sent: bool = False  # can look for a reply whose request had no answer
    can_begin: bool = False  # may write to somebody who has not written first
    reaches_landlines: bool = True  # its phone numbers need not be of mobiles
    has_aliases: bool = False  # several addresses of one kind lead to the same person
    identity_kind: str = ""  # the IdentityKind of its customers
    is_scoped: bool = False  # their ids mean something within one inbox alone
    marks_read: bool = False  # the customer can be told that we have read
    links_accounts: bool = False  # a customer can sign in to the shop from there
    webhook_limit: int = 3 * 1024 * 1024  # bytes of one request


@dataclass(frozen=True)
class Acknowledgement:
    """What the provider is answered; the event is committed by then."""

    body: str = "ok"
    content_type: str = "text/plain"


@dataclass(frozen=True)
class OutboundFile:
    """A file of a reply. `url` is a public address of it, signed, for `file_life`.

    `content_id` is what HTML may call it by.
    """

    name: str
    content_type: str
    size: int
    url: str
    preview_url: str
    load: Callable[[], bytes]
    content_id: str = ""

    @property
    def kind(self) -> str:
        kind = self.content_type.split("/")[0]
        return kind if kind in {"image", "audio", "video"} else "document"


@dataclass(frozen=True)
class Outbound:
    """A reply as it leaves. `last_heard_at`: the recipient's last message here.

    `quoted_facts` is the data of the message that is quoted.
    """

    recipient: Address
    body: str
    written_at: datetime
    message_id: int
    files: Sequence[OutboundFile] = ()
    quoted_id: str = ""
    quoted_facts: Mapping[str, Any] = field(default_factory=dict)
    reply_token: str = ""  # only while it may still be used
    last_heard_at: datetime | None = None
    data: Mapping[str, Any] = field(default_factory=dict)  # subject, template, …


@dataclass(frozen=True)
class Part:
    """One request to the provider; `payload` is JSON, and all that `send` goes by.

    `is_keyed`: the provider takes our key, so that the same again is no second message.
    `file` is an index in Outbound.files, where the request carries its bytes.
    """

    payload: Mapping[str, Any]
    is_keyed: bool = False
    file: int | None = None


@dataclass(frozen=True)
class Sent:
    """The provider has taken a part. `facts` are kept with the message.

    `metered` is how many of the month's messages it has cost.
    """

    message_ids: Sequence[str] = ()
    is_delivered: bool = False
    metered: int = 0
    facts: Mapping[str, Any] = field(default_factory=dict)


class Adapter:
    """Translates one provider's protocol; knows no model and no action.

    What a channel does not offer raises NotOfferedError, and its capabilities say so.
    `switch` names a setting without which the channel is not offered at all; `account`
    the setting or fact by which the provider's events say whose they are.
    """

    about: ClassVar[About]
    capabilities: ClassVar[Capabilities]
    fields: ClassVar[Sequence[Field]] = ()
    acknowledgement: ClassVar[Acknowledgement] = Acknowledgement()
    switch: ClassVar[str] = ""
    account: ClassVar[str] = ""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    @property
    def own_account(self) -> str:
        """Empty where it is not known."""
        known = {**self.connection.facts, **self.connection.settings}
        return str(known.get(self.account, ""))

    @property
    def has_webhook(self) -> bool:
        """Whether the provider posts to us; False where we fetch, as from a mailbox."""
        return True

    @property
    def sign_in(self) -> SignInPage | None:
        """Whose own page has to let us in as well; None for nobody's."""
        return None

    def challenge(self, request: WebhookRequest) -> Acknowledgement:
        """The answer to a provider that asks by GET whether we are there."""
        raise NotOfferedError

    def verify(self, request: WebhookRequest) -> None:
        """Raises InvalidSignatureError."""
        raise NotImplementedError

    def split(self, request: WebhookRequest) -> Sequence[RawEvent]:
        """The events of one request, each with the id that tells a redelivery.

        Raises InvalidPayloadError; then the whole body waits in quarantine.
        """
        raise NotImplementedError

    def parse(self, body: bytes) -> Sequence[Parsed]:
        """What one raw event says. Raises InvalidPayloadError, UnknownEventError."""
        raise NotImplementedError

    def plan(self, outbound: Outbound) -> Sequence[Part]:
        """The requests a reply takes; the same for the same reply. Raises SendError."""
        raise NotOfferedError

    def compose(self, draft: LetterDraft) -> Letter:
        """All of a letter, where the channel has subjects."""
        raise NotOfferedError

    def addressees(self, original: Email | None, subject: str) -> Addressees:
        """Whom an answer to that letter goes to; None: a first one, about `subject`."""
        raise NotOfferedError

    def send(self, outbound: Outbound, part: Part, *, key: str) -> Sent:
        """Raises SendError. `key` is the same in every attempt of this part."""
        raise NotOfferedError

    def find_sent(
        self, outbound: Outbound, part: Part, *, since: datetime
    ) -> Sequence[Sent]:
        """What the provider has taken since then that looks like this part. Raises SendError."""
        raise NotOfferedError

    def poll(self, since: datetime) -> Iterable[RawEvent]:
        """What has come since then, with the ids its webhook would give. Raises SendError."""
        raise NotOfferedError

    def check(self) -> Report:
        """Calls the provider with what is set. Raises SendError."""
        raise NotOfferedError

    def quota(self) -> Quota:
        """Raises SendError."""
        raise NotOfferedError

    def templates(self) -> Sequence[ProviderTemplate]:
        """Those that may be sent now. Raises SendError."""
        raise NotOfferedError

    def profile(self, person: Person) -> Profile:
        """Raises SendError."""
        raise NotOfferedError

    def speaker(self, person: Person, speaker_id: str) -> Profile:
        """Who speaks in a group. Raises SendError."""
        raise NotOfferedError

    def media(
        self, source: Mapping[str, Any]
    ) -> AbstractContextManager[Iterator[bytes]]:
        """The bytes of a file that a message told of. Raises SendError."""
        raise NotOfferedError

    def mark_read(self, person: Person, facts: Mapping[str, Any]) -> None:
        """Tell the customer that a message was read; `facts` is its data. Raises SendError."""
        raise NotOfferedError
