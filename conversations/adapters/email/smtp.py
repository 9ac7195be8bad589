"""Handing a mail to an SMTP server, and what its answers mean."""

import base64
import io
import smtplib
import socket
import ssl
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Any

from agentdesk import http_client as outbound
from agentdesk.http_client import PrivateAddressError
from conversations.adapters.email import setting
from conversations.adapters.email.incoming import failure_of_status
from conversations.adapters.email.oauth import access_token, bearer, forget
from conversations.adapters.email.patience import Patience
from conversations.adapters.email.setting import Setting
from conversations.adapters.failures import SendError
from conversations.choices import FailureCode

CONNECT_SECONDS = 10
ANSWER_SECONDS = 60
_REFUSED = 535


class _GuardedSMTP(smtplib.SMTP):
    """Connects to an address that was looked at; the name stays for TLS."""

    ends_at = 0.0

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        self.ends_at = time.monotonic() + outbound.WHOLE_SECONDS
        return guarded_socket(host, port, timeout)

    def getreply(self) -> tuple[int, bytes]:
        if self.file is None and self.sock is not None:
            patience = Patience(self.sock, ends_at=self.ends_at)
            self.file = io.BufferedReader(patience)
        return super().getreply()


class _GuardedSMTPS(_GuardedSMTP, smtplib.SMTP_SSL):
    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        plain = super()._get_socket(host, port, timeout)
        return self.context.wrap_socket(plain, server_hostname=host)


def guarded_socket(host: str, port: int, timeout: float) -> socket.socket:
    """Raises PrivateAddressError, OSError."""
    failure: OSError = OSError(host)
    for address in outbound.resolved(host, port)[:4]:
        try:
            return socket.create_connection((address, port), timeout)
        except OSError as error:
            failure = error
    raise failure


@contextmanager
def signed_in(settings: Setting) -> Iterator[smtplib.SMTP]:
    """Raises SendError until the server has let us in."""
    server = None
    try:
        server = _connected(settings)
        _sign_in(server, settings)
    except PrivateAddressError as error:
        raise SendError(
            FailureCode.SET_UP, "private address", permanent=True
        ) from error
    except smtplib.SMTPAuthenticationError as error:
        raise _refusal(error.smtp_code, error.smtp_error, signing_in=True) from error
    except smtplib.SMTPResponseException as error:
        raise _refusal(error.smtp_code, error.smtp_error) from error
    except smtplib.SMTPNotSupportedError as error:
        raise SendError(FailureCode.SET_UP, str(error), permanent=True) from error
    except ssl.SSLCertVerificationError as error:
        raise SendError(FailureCode.SET_UP, str(error)[:200], permanent=True) from error
    except (OSError, smtplib.SMTPException) as error:
        raise SendError(
            FailureCode.NETWORK, str(error)[:200], permanent=False
        ) from error
    try:
        yield server
    finally:
        with suppress(OSError, smtplib.SMTPException):
            server.quit()


def _connected(settings: Setting) -> smtplib.SMTP:
    host, port, security = settings.smtp
    if not host:
        raise SendError(FailureCode.SET_UP, "no SMTP server", permanent=True)
    if security == "none" and not settings.may_be_plain:
        raise SendError(FailureCode.SET_UP, "not encrypted", permanent=True)
    context = ssl.create_default_context()
    name = settings.domain if settings.domain.isascii() else "localhost"
    server: smtplib.SMTP
    if security == "tls":
        server = _GuardedSMTPS(
            local_hostname=name, timeout=CONNECT_SECONDS, context=context
        )
        _greeted(server, host, port)
    else:
        server = _GuardedSMTP(local_hostname=name, timeout=CONNECT_SECONDS)
        _greeted(server, host, port)
        server._host = host  # type: ignore[attr-defined]  # starttls goes by it
        server.ehlo()
        if security == "starttls":
            server.starttls(context=context)
            server.ehlo()
    if server.sock is not None:
        server.sock.settimeout(ANSWER_SECONDS)
    return server


def _greeted(server: smtplib.SMTP, host: str, port: int) -> None:
    code, answer = server.connect(host, port)
    if code != 220:
        raise smtplib.SMTPConnectError(code, answer)


def _sign_in(server: smtplib.SMTP, settings: Setting) -> None:
    if settings.kind in setting.OAUTH:
        code, answer = _offer_token(server, settings)
        if code == _REFUSED:  # withdrawn before its end, or for a changed password
            forget(settings)
            code, answer = _offer_token(server, settings)
        if code != 235:
            raise smtplib.SMTPAuthenticationError(code, answer)
    elif settings.secret("password"):
        server.login(settings.user, settings.secret("password"))


def _offer_token(server: smtplib.SMTP, settings: Setting) -> tuple[int, bytes]:
    credentials = bearer(settings.user, access_token(settings))
    packed = base64.b64encode(credentials.encode()).decode()
    code, answer = server.docmd("AUTH", f"XOAUTH2 {packed}")
    if code == 334:  # why it refuses, as JSON, and then the refusal itself
        return server.docmd("")
    return code, answer


def hand_over(
    server: smtplib.SMTP, sender: str, recipients: list[str], message: bytes
) -> Mapping[str, str]:
    """Those it refused, with its words, where it took the others. Raises SendError."""
    is_ascii = all(one.isascii() for one in (sender, *recipients))
    options = [] if is_ascii or not server.has_extn("smtputf8") else ["SMTPUTF8"]
    try:
        code, answer = server.mail(sender, options)
        if code != 250:
            raise _refusal(code, answer)
        refused = {}
        for recipient in recipients:
            code, answer = server.rcpt(recipient)
            if code not in {250, 251}:
                refused[recipient] = (code, answer)
        if len(refused) == len(recipients):
            raise _refusal(*next(iter(refused.values())), of_recipient=True)
    except smtplib.SMTPResponseException as error:
        raise _refusal(error.smtp_code, error.smtp_error) from error
    except (OSError, smtplib.SMTPException, UnicodeEncodeError) as error:
        raise SendError(
            FailureCode.NETWORK, str(error)[:200], permanent=False
        ) from error
    _data(server, message)
    return {one: f"{code} {_words(text)}" for one, (code, text) in refused.items()}


def _data(server: smtplib.SMTP, message: bytes) -> None:
    """From here on it may have been taken, whatever we hear."""
    try:
        code, answer = server.data(message)
    except smtplib.SMTPDataError as error:  # it refused the word DATA itself
        raise _refusal(error.smtp_code, error.smtp_error) from error
    except (OSError, smtplib.SMTPException) as error:
        raise SendError(
            FailureCode.TIMEOUT,
            type(error).__name__,
            permanent=False,
            is_ambiguous=True,
        ) from error
    if code != 250:
        raise _refusal(code, answer)


def _refusal(
    code: int, answer: Any, *, signing_in: bool = False, of_recipient: bool = False
) -> SendError:
    """4xx may be tried again, 5xx not. Source: RFC 5321, 4.2.1; RFC 3463."""
    words = _words(answer)
    permanent = code >= 500
    status = words.partition(" ")[0]
    is_enhanced = status.count(".") == 2 and status.replace(".", "").isdigit()
    if signing_in:
        found: str = FailureCode.CREDENTIALS if permanent else FailureCode.PROVIDER
    elif is_enhanced and not status.startswith("2"):
        found = failure_of_status(status)
    elif code == 552 or code == 452:
        found = FailureCode.MAILBOX_FULL if of_recipient else FailureCode.FILE_SIZE
    elif code in {550, 551, 553} and of_recipient:
        found = FailureCode.RECIPIENT
    else:
        found = FailureCode.REFUSED if permanent else FailureCode.PROVIDER
    return SendError(found, f"{code} {words}"[:300], permanent=permanent, status=code)


def _words(answer: Any) -> str:
    text = (
        answer.decode("utf-8", "replace") if isinstance(answer, bytes) else str(answer)
    )
    return " ".join(text.split())
