"""Reading a mailbox: where we stand in each folder is a UID, never a flag."""

import imaplib
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date
from typing import Any

from imapclient import IMAPClient
from imapclient.exceptions import IMAPClientError, LoginError

from agentdesk.http_client import PrivateAddressError
from conversations.adapters.email import setting
from conversations.adapters.email.oauth import forget, tokens_of
from conversations.adapters.email.setting import Setting
from conversations.adapters.email.smtp import guarded_socket
from conversations.adapters.failures import SendError
from conversations.choices import FailureCode

CONNECT_SECONDS = 15
READ_SECONDS = 60
# Bytes of one mail; of a longer one the header is kept, and that it was longer.
MOST_BYTES = 50 * 1024 * 1024
_HEAD_BYTES = 200_000


@dataclass(frozen=True)
class Fetched:
    """`is_cut`: only its header was fetched."""

    uid: int
    raw: bytes
    is_cut: bool = False


@dataclass(frozen=True)
class Standing:
    """What a folder says of itself when it is opened."""

    uidvalidity: int
    uidnext: int


class _Plain(imaplib.IMAP4):
    def __init__(self, host: str, port: int, timeout: float) -> None:
        self._seconds = timeout
        super().__init__(host, port, timeout)

    def _create_socket(self, timeout: float | None = None) -> socket.socket:
        return guarded_socket(self.host, self.port, timeout or self._seconds)

    def read(self, size: int) -> bytes:
        """A server says how much it is about to send, and we would keep all of it."""
        if size > MOST_BYTES:
            raise self.abort(f"{size} bytes at once")
        return super().read(size)


class _Wrapped(_Plain):
    def _create_socket(self, timeout: float | None = None) -> socket.socket:
        plain = super()._create_socket(timeout)
        context = ssl.create_default_context()
        return context.wrap_socket(plain, server_hostname=self.host)


class _Client(IMAPClient):
    def _create_IMAP4(self) -> imaplib.IMAP4:  # noqa: N802  # the library's name
        kind = _Wrapped if self.ssl else _Plain
        return kind(self.host, self.port, CONNECT_SECONDS)

    def forget_announced(self) -> None:
        self._imap.untagged_responses.pop("EXISTS", None)

    def has_announced(self) -> bool:
        """Whether the server has said since then that a mail came.

        It says so once, in the answer to any command; IDLE does not repeat it.
        """
        return "EXISTS" in self._imap.untagged_responses or self._is_in_buffer()

    def _is_in_buffer(self) -> bool:
        """What came together with an answer is seen by no poll of the socket."""
        sock = self.socket()
        file = getattr(self._imap, "_file", None) or self._imap.file
        sock.setblocking(False)
        try:
            return b"EXISTS" in file.peek()
        except OSError:  # nothing there, as TLS says it
            return False
        finally:
            sock.settimeout(READ_SECONDS)

    def idle(self) -> None:
        """As the library does it, where a mail is announced before IDLE begins too."""
        self._idle_tag = self._imap._command("IDLE")
        while self._imap._get_response() is not None:
            if self._imap.tagged_commands.get(self._idle_tag):
                raise IMAPClientError("IDLE was refused")


class Mailbox:
    """One signed-in connection. Everything raises SendError, and then it is over."""

    def __init__(self, client: _Client, settings: Setting) -> None:
        self._client = client
        self._settings = settings

    def open(self, folder: str) -> Standing:
        with _as_send_error():
            is_read_only = not self._settings.is_on("mark_seen")
            status = self._client.select_folder(folder, readonly=is_read_only)
            return Standing(int(status[b"UIDVALIDITY"]), int(status.get(b"UIDNEXT", 1)))

    def newer_than(self, uid: int) -> list[int]:
        """The UIDs above it, rising. `n:*` always names the last one too."""
        with _as_send_error():
            self._client.forget_announced()
            found = self._client.search(["UID", f"{uid + 1}:*"])
        return sorted(one for one in found if one > uid)

    def since(self, day: date) -> list[int]:
        with _as_send_error():
            return sorted(self._client.search(["SINCE", day]))

    def has_announced(self) -> bool:
        """Whether a mail came after the last search had looked."""
        with _as_send_error():
            return self._client.has_announced()

    def fetch(self, uid: int, *, head_only: bool = False) -> Fetched | None:
        """None where it was deleted meanwhile. What a server says of sizes is a guess."""
        with _as_send_error():
            raw = None if head_only else self._raw(uid, f"BODY.PEEK[]<0.{MOST_BYTES}>")
            is_cut = head_only or (raw is not None and len(raw) >= MOST_BYTES)
            if is_cut:
                raw = self._raw(uid, f"BODY.PEEK[HEADER]<0.{_HEAD_BYTES}>")
        return None if raw is None else Fetched(uid, raw, is_cut)

    def _raw(self, uid: int, wanted: str) -> bytes | None:
        items = self._client.fetch([uid], [wanted]).get(uid, {})
        if self._settings.is_on("mark_seen") and items:
            self._client.add_flags([uid], [rb"\Seen"], silent=True)
        return next(
            (value for name, value in items.items() if name.startswith(b"BODY")), None
        )

    def begin_idle(self) -> bool:
        """False where the server has no IDLE."""
        with _as_send_error():
            if not self._client.has_capability("IDLE"):
                return False
            self._client.idle()
            return True

    def has_news(self, seconds: float) -> bool:
        """Wait that long for the server to say something of the folder."""
        if self.has_announced():
            return True
        with _as_send_error():
            responses = self._client.idle_check(timeout=seconds)
        if any(one[0] == b"BYE" for one in responses if one):
            raise SendError(FailureCode.NETWORK, "BYE", permanent=False)
        return any(b"EXISTS" in one or b"RECENT" in one for one in responses)

    def end_idle(self) -> None:
        with _as_send_error():
            self._client.idle_done()

    def ping(self) -> None:
        with _as_send_error():
            self._client.noop()

    def names(self) -> list[str]:
        with _as_send_error():
            return [str(name) for _flags, _mark, name in self._client.list_folders()]


@contextmanager
def mailbox(settings: Setting) -> Iterator[Mailbox]:
    """Raises SendError."""
    with _as_send_error():
        client = _connected(settings)
    try:
        with _as_send_error():
            _sign_in(client, settings)
        yield Mailbox(client, settings)
    finally:
        with suppress(OSError, IMAPClientError, imaplib.IMAP4.error):
            client.shutdown()


def token_ends_at(settings: Setting) -> float | None:
    """Seconds, as time.time(): Microsoft ends the connection then. Raises SendError."""
    return tokens_of(settings).expires_at if settings.kind in setting.OAUTH else None


def folders_of(settings: Setting) -> list[str]:
    """Raises SendError."""
    with mailbox(settings) as opened:
        names = opened.names()
    missing = [one for one in settings.folders if one not in names and one != "INBOX"]
    if missing:
        raise SendError(FailureCode.SET_UP, ", ".join(missing)[:300], permanent=True)
    return names


def _connected(settings: Setting) -> _Client:
    host, port, security = settings.imap
    if not host:
        raise SendError(FailureCode.SET_UP, "no IMAP server", permanent=True)
    if security == "none" and not settings.may_be_plain:
        raise SendError(FailureCode.SET_UP, "not encrypted", permanent=True)
    client = _Client(host, port, ssl=security == "tls", timeout=READ_SECONDS)
    if security == "starttls":
        client.starttls(ssl.create_default_context())
    return client


def _sign_in(client: IMAPClient, settings: Setting) -> None:
    if settings.kind not in setting.OAUTH:
        client.login(settings.user, settings.secret("password"))
        return
    try:
        client.oauth2_login(settings.user, tokens_of(settings).access)
    except LoginError:  # withdrawn before its end, or for a changed password
        forget(settings)
        client.oauth2_login(settings.user, tokens_of(settings).access)


@contextmanager
def _as_send_error() -> Iterator[None]:
    """Whatever goes wrong with a server, in the words of the seam."""
    try:
        yield
    except SendError:
        raise
    except PrivateAddressError as error:
        raise SendError(
            FailureCode.SET_UP, "private address", permanent=True
        ) from error
    except LoginError as error:
        raise SendError(
            FailureCode.CREDENTIALS, _words(error), permanent=True
        ) from error
    except ssl.SSLCertVerificationError as error:
        raise SendError(FailureCode.SET_UP, _words(error), permanent=True) from error
    except (OSError, IMAPClientError, imaplib.IMAP4.error, EOFError) as error:
        raise SendError(FailureCode.NETWORK, _words(error), permanent=False) from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        # An answer that is none: imaplib falls over it.
        raise SendError(FailureCode.PROVIDER, _words(error), permanent=False) from error


def _words(error: Any) -> str:
    return f"{type(error).__name__}: {error}"[:300]
