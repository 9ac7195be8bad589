"""A real SMTP server on this machine that keeps what it takes, or refuses as told."""

import base64
import json
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult


class Sink:
    """`refusals`: what is answered to a recipient instead of 250. `after_data` as well."""

    def __init__(self) -> None:
        self.raws: list[bytes] = []
        self.envelopes: list[tuple[str, list[str]]] = []
        self.refusals: dict[str, str] = {}
        self.after_data = ""
        self.is_cutting = False
        self.port = 0
        self.takes_utf8 = True
        self.tokens: set[str] = set()  # what XOAUTH2 lets in
        self.signed_in: list[str] = []

    async def auth_XOAUTH2(self, server: Any, args: list[str]) -> AuthResult:  # noqa: N802
        """Source: Google, "XOAUTH2 mechanism": why it refuses comes first, as JSON."""
        credentials = base64.b64decode(args[1]).decode() if len(args) > 1 else ""
        user, token = credentials.split("\x01auth=Bearer ")
        self.signed_in.append(credentials)
        if token.removesuffix("\x01\x01") in self.tokens:
            return AuthResult(success=True, auth_data=user.removeprefix("user="))
        why = json.dumps({"status": "400", "schemes": "Bearer"})
        await server.challenge_auth(why)
        await server.push("535 5.7.8 Username and Password not accepted.")
        return AuthResult(success=False, handled=True)

    async def handle_RCPT(  # noqa: N802  # aiosmtpd's name
        self, server: Any, session: Any, envelope: Any, address: str, options: Any
    ) -> str:
        if address in self.refusals:
            return self.refusals[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        if self.after_data:
            return self.after_data
        self.raws.append(envelope.content)
        self.envelopes.append((envelope.mail_from, list(envelope.rcpt_tos)))
        if self.is_cutting:
            server.transport.abort()
        return "250 2.0.0 taken"

    def last(self) -> EmailMessage:
        return message_from_bytes(self.raws[-1], policy=policy.default)


def _may_enter(server: Any, session: Any, envelope: Any, kind: str, data: Any) -> Any:
    return AuthResult(success=data.password == b"right", handled=False)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running(*, takes_utf8: bool = True) -> Iterator[Sink]:
    sink = Sink()
    sink.takes_utf8 = takes_utf8
    sink.port = free_port()
    controller = Controller(
        sink,
        hostname="127.0.0.1",
        port=sink.port,
        authenticator=_may_enter,
        auth_require_tls=False,
        enable_SMTPUTF8=takes_utf8,
    )
    controller.start()
    try:
        yield sink
    finally:
        controller.stop()
