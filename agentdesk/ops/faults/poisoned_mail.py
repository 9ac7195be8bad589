"""Mails that break what reads them, one after another among those of customers."""

import base64
import json
import uuid
from collections import Counter

from agentdesk.ops.faults.scene import Outcome, Scene
from conversations.choices import Channel
from conversations.simulators.registry import SIMULATORS

_GOOD = 20
_DEEP = "".join(
    f"Content-Type: multipart/mixed; boundary=b{n}\r\n\r\n--b{n}\r\n"
    for n in range(500)
)
_PLAIN = "Content-Type: text/plain; charset={}\r\n\r\n{}"
# Each is all of a mail below the fields that every mail has.
POISONS: dict[str, str] = {
    "ASCII that says it is UTF-16": _PLAIN.format("utf-16", "hello there"),
    "a charset that is no text": _PLAIN.format("unicode_escape", "\\ud800\\x"),
    "a charset that is none": _PLAIN.format("\0" * 50, "caf\u00e9"),
    "parts within parts": _DEEP,
    "a boundary without an end": "Content-Type: multipart/mixed; boundary=\r\n\r\n--\r\n",
    "half a packing": "Content-Type: text/html\r\nContent-Transfer-Encoding: base64\r\n"
    "\r\n" + "A" * 100_001,
    "digits without an end": _PLAIN.format("utf-8", "4 " * 100_000),
    "a field without an end": f"X-Long: {'a' * 500_000}\r\n\r\nhi",
    "tags within tags": "Content-Type: text/html\r\n\r\n" + "<div>" * 50_000,
    "NULs": _PLAIN.format("utf-16-le", "\0" * 1_001),
}


def poisoned_mail(scene: Scene) -> list[Outcome]:
    """All good ones arrive, and of every mail the raw bytes are stored and decided on."""
    scene.say("Fault: poisoned mail …")
    mailbox = _Postmark(scene)
    good: list[str] = []
    poisons = list(POISONS.values())
    for number in range(_GOOD):
        if number % 2 == 0 and poisons:
            mailbox.post(poisons.pop())
        good.append(mailbox.post(_PLAIN.format("utf-8", "まだ届きません。")))
    arrived = scene.wait(lambda: mailbox.arrived(good), _GOOD)
    amount = _GOOD + len(POISONS)
    decided = scene.wait(mailbox.decided, amount)
    text = (
        f"{len(POISONS)} broken mails among {_GOOD}: {arrived} of the good ones arrived, "
        f"{decided} of all {amount} stored and decided on {dict(mailbox.states())}"
    )
    return [Outcome("poisoned mail", text, arrived == _GOOD and decided == amount)]


class _Postmark:
    """Posts to the demo's inbox as Postmark does."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self._values = SIMULATORS[Channel.EMAIL].demo(1)
        [(self._inbox, self._key)] = scene.rows(
            "select i.id, i.key from conversations_inbox i "
            "join accounts_clientaccount a on a.id = i.account_id "
            "where a.slug = 'kogane' and i.channel = 'email'"
        )
        self._ids: list[str] = []

    def post(self, rest: str) -> str:
        """The Message-ID of a new mail."""
        message_id = f"{uuid.uuid4().hex}@faults.example"
        head = (
            f"From: Hanako <hanako-{uuid.uuid4().hex[:8]}@faults.example>\r\n"
            f"To: {self._values['address']}\r\nSubject: faults\r\n"
            f"Message-ID: <{message_id}>\r\nMIME-Version: 1.0\r\n"
        )
        event_id = str(uuid.uuid4())
        self._ids.append(event_id)
        payload = {"MessageID": event_id, "OriginalRecipient": self._values["address"]}
        body = json.dumps({**payload, "RawEmail": head + rest})
        secret = f"agentdesk:{self._values['webhook_secret']}".encode()
        headers = {
            "Content-Type": "application/json",
            "Authorization": f"Basic {base64.b64encode(secret).decode()}",
        }
        answer = self._scene.agent.send("POST", f"/hooks/{self._key}/", body, headers)
        if answer.status != 200:
            raise RuntimeError(f"The webhook answers {answer.status}.")
        return message_id

    def arrived(self, message_ids: list[str]) -> int:
        return len(
            self._scene.rows(
                "select 1 from conversations_message "
                "where inbox_id = %s and provider_message_id = any(%s)",
                [self._inbox, message_ids],
            )
        )

    def states(self) -> "Counter[str]":
        rows = self._scene.rows(
            "select state from conversations_providerevent "
            "where inbox_id = %s and provider_event_id = any(%s)",
            [self._inbox, self._ids],
        )
        return Counter(state for (state,) in rows)

    def decided(self) -> int:
        states = self.states()
        return states.total() - states["pending"]
