"""A real SMTP server on this machine that keeps what it takes, or refuses as told."""

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
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        return int(asked.getsockname()[1])


@contextmanager
def running() -> Iterator[Sink]:
    sink = Sink()
    sink.port = free_port()
    controller = Controller(
        sink,
        hostname="127.0.0.1",
        port=sink.port,
        authenticator=_may_enter,
        auth_require_tls=False,
    )
    controller.start()
    try:
        yield sink
    finally:
        controller.stop()
