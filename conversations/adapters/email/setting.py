"""What an admin sets for a mailbox, and how the rest of the package asks for it."""

from dataclasses import dataclass

from django.conf import settings as django
from django.utils.translation import gettext_noop as _

from conversations.adapters.base import Connection, Field
from conversations.adapters.email.verdict import UNNAMED

IMAP, GOOGLE, MICROSOFT = "imap", "google", "microsoft"
SENDGRID, MAILGUN, POSTMARK, SES = "sendgrid", "mailgun", "postmark", "ses"
MAILBOXES = (IMAP, GOOGLE, MICROSOFT)
SIGN_IN_NAMES = {GOOGLE: "Google", MICROSOFT: "Microsoft"}
OAUTH = tuple(SIGN_IN_NAMES)
ESPS = (SENDGRID, MAILGUN, POSTMARK, SES)
KINDS = (
    (IMAP, _("Mail server with IMAP and SMTP")),
    (GOOGLE, "Google Workspace, Gmail"),
    (MICROSOFT, "Microsoft 365"),
    (SENDGRID, "SendGrid"),
    (MAILGUN, "Mailgun"),
    (POSTMARK, "Postmark"),
    (SES, "Amazon SES"),
)
_YES_NO = (("yes", _("Yes")), ("no", _("No")))
_SECURITY = (
    ("tls", "TLS"),
    ("starttls", "STARTTLS"),
    ("none", _("None: only inside one's own network")),
)
_PORT = r"\d{1,5}"

FIELDS = (
    Field("kind", _("Kind of mailbox"), choices=KINDS, default=IMAP),
    Field("address", _("Email address"), pattern=r"[^@\s]{1,64}@[^@\s]+\.[^@\s]{2,}"),
    Field("from_name", _("Name customers see as the sender"), is_required=False),
    Field("imap_host", _("IMAP server"), is_address=True, only_for=("kind", (IMAP,))),
    Field(
        "imap_port",
        _("IMAP port"),
        pattern=_PORT,
        default="993",
        only_for=("kind", (IMAP,)),
    ),
    Field(
        "imap_security",
        _("IMAP encryption"),
        choices=_SECURITY,
        default="tls",
        only_for=("kind", (IMAP,)),
    ),
    Field("username", _("User name"), is_required=False, only_for=("kind", MAILBOXES)),
    Field("password", _("Password"), is_secret=True, only_for=("kind", (IMAP,))),
    Field("smtp_host", _("SMTP server"), is_address=True, only_for=("kind", (IMAP,))),
    Field(
        "smtp_port",
        _("SMTP port"),
        pattern=_PORT,
        default="587",
        only_for=("kind", (IMAP,)),
    ),
    Field(
        "smtp_security",
        _("SMTP encryption"),
        choices=_SECURITY,
        default="starttls",
        only_for=("kind", (IMAP,)),
    ),
    Field(
        "folders",
        _("Folders to read, separated by commas"),
        default="INBOX",
        is_required=False,
        only_for=("kind", MAILBOXES),
    ),
    Field(
        "sent_folder",
        _("Folder of sent mail"),
        help=_("Replies written in another mail program are shown in the thread."),
        is_required=False,
        only_for=("kind", MAILBOXES),
    ),
    Field(
        "mark_seen",
        _("Mark fetched mail as read in the mailbox"),
        choices=_YES_NO,
        default="no",
        is_required=False,
        only_for=("kind", MAILBOXES),
    ),
    Field("client_id", _("OAuth client id"), only_for=("kind", OAUTH)),
    Field(
        "client_secret",
        _("OAuth client secret"),
        is_secret=True,
        only_for=("kind", OAUTH),
    ),
    Field(
        "tenant",
        _("Directory (tenant) id"),
        default="common",
        is_required=False,
        pattern=r"[A-Za-z0-9.-]{1,80}",
        only_for=("kind", (MICROSOFT,)),
    ),
    Field(
        "webhook_secret",
        _("Secret of the webhook address"),
        help=_("Put it into the address at the provider: ?secret=…"),
        pattern=r"[A-Za-z0-9_-]{16,100}",
        is_secret=True,
        only_for=("kind", (SENDGRID, POSTMARK, SES)),
    ),
    Field(
        "signing_key",
        _("Key that signs webhooks"),
        is_secret=True,
        is_required=False,
        only_for=("kind", (SENDGRID, MAILGUN)),
    ),
    Field(
        "inbound_key",
        _("Public key of the Inbound Parse security policy"),
        help=_("Only where one was made: then unsigned mail is refused."),
        pattern=r"[A-Za-z0-9+/=]{80,800}",
        is_secret=True,
        is_required=False,
        only_for=("kind", (SENDGRID,)),
    ),
    Field(
        "api_key", _("API key"), is_secret=True, only_for=("kind", (SENDGRID, MAILGUN))
    ),
    Field(
        "server_token",
        _("Server token"),
        is_secret=True,
        only_for=("kind", (POSTMARK,)),
    ),
    Field("sender_domain", _("Sending domain"), only_for=("kind", (MAILGUN,))),
    Field(
        "region",
        _("Region"),
        is_required=False,
        pattern=r"[a-z0-9-]{0,20}",
        help=_("Mailgun: us or eu. Amazon: such as ap-northeast-1."),
        only_for=("kind", (MAILGUN, SES)),
    ),
    Field(
        "aws_account",
        _("AWS account number"),
        help=_("It stands in the topic's ARN. Notices of other accounts are refused."),
        pattern=r"\d{12}",
        only_for=("kind", (SES,)),
    ),
    Field("access_key_id", _("Access key id"), only_for=("kind", (SES,))),
    Field(
        "secret_access_key",
        _("Secret access key"),
        is_secret=True,
        only_for=("kind", (SES,)),
    ),
    Field(
        "plus_addresses",
        _("Answers come to address+mark@ too"),
        help=_(
            "Then an answer finds its inquiry even where its mailer drops the rest."
        ),
        choices=_YES_NO,
        default="no",
        is_required=False,
    ),
    Field(
        "subject_mark",
        _("Put a mark into the subject"),
        choices=_YES_NO,
        default="no",
        is_required=False,
    ),
    Field(
        "charset",
        _("Character set of what we send"),
        choices=(("utf-8", "UTF-8"), ("iso-2022-jp", "ISO-2022-JP")),
        default="utf-8",
        is_required=False,
    ),
    Field(
        "auth_server",
        _("Name of your mail server in Authentication-Results"),
        help=_("Its verdicts about DKIM and SPF are shown; those of others are not."),
        is_required=False,
        only_for=("kind", MAILBOXES),
    ),
)
_DEFAULTS = {field.name: field.default for field in FIELDS}
_AUTH_SERVERS = {GOOGLE: "mx.google.com", MICROSOFT: UNNAMED}
_HOSTS = {
    GOOGLE: ("imap.gmail.com", "smtp.gmail.com"),
    MICROSOFT: ("outlook.office365.com", "smtp.office365.com"),
}


@dataclass(frozen=True)
class Setting:
    """The settings of one inbox, defaults filled in."""

    connection: Connection

    def __getitem__(self, name: str) -> str:
        return self.connection.settings.get(name) or _DEFAULTS.get(name, "")

    def is_on(self, name: str) -> bool:
        return self[name] == "yes"

    def secret(self, name: str) -> str:
        return self.connection.secrets.get(name, "")

    @property
    def kind(self) -> str:
        return self["kind"]

    @property
    def address(self) -> str:
        return self["address"]

    @property
    def domain(self) -> str:
        return self.address.rpartition("@")[2].lower()

    @property
    def user(self) -> str:
        return self["username"] or self.address

    @property
    def auth_server(self) -> str:
        """Under which name the mailbox's own server writes Authentication-Results."""
        return self["auth_server"] or _AUTH_SERVERS.get(self.kind, "")

    @property
    def imap(self) -> tuple[str, int, str]:
        """Host, port, tls or starttls."""
        if self.kind in _HOSTS:
            return _HOSTS[self.kind][0], 993, "tls"
        return self["imap_host"], _port(self["imap_port"], 993), self["imap_security"]

    @property
    def smtp(self) -> tuple[str, int, str]:
        if self.kind in _HOSTS:
            return _HOSTS[self.kind][1], 587, "starttls"
        return self["smtp_host"], _port(self["smtp_port"], 587), self["smtp_security"]

    @property
    def may_be_plain(self) -> bool:
        """Passwords and mail go unencrypted only where the installation allows it."""
        return bool(django.ALLOW_PRIVATE_ADDRESSES)

    @property
    def folders(self) -> list[str]:
        names = [name.strip() for name in self["folders"].split(",")]
        names.append(self["sent_folder"].strip())
        return list(dict.fromkeys(name for name in names if name))


def _port(text: str, usual: int) -> int:
    return int(text) if text.isascii() and text.isdecimal() else usual
