"""Receipts of messages that are not ours, by the thousand, and one customer who writes."""

import hashlib
import hmac
import json
import time
import uuid
from statistics import median
from typing import Any

from agentdesk.ops.faults.scene import Outcome, Scene
from conversations.choices import Channel
from conversations.simulators.registry import SIMULATORS

_RECEIPTS = 1000
_AT_ONCE = 100
_TEXTS = 5
_TARGET = 0.3  # seconds


def receipts(scene: Scene) -> list[Outcome]:
    """Twice: while the receipts are new, and while all of them are tried again."""
    whatsapp = _WhatsApp(scene)
    alone = median(whatsapp.write() for _text in range(_TEXTS))
    outcomes = []
    for name in ("a flood of receipts", "the same, while they are tried again"):
        scene.say(f"Fault: {name} …")
        whatsapp.flood(_RECEIPTS)
        waited = [whatsapp.write() for _text in range(_TEXTS)]
        text = f"{_RECEIPTS} receipts of unknown messages, then {_TEXTS} texts, shown after "
        text += ", ".join(f"{one:.2f}" for one in waited)
        text += f" s; {alone:.2f} s without them"
        outcomes.append(Outcome(name, text, max(waited) <= max(_TARGET, 3 * alone)))
    return outcomes


class _WhatsApp:
    """Posts to the demo's inbox as Meta does."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self._values = SIMULATORS[Channel.WHATSAPP].demo(1)
        [(self._inbox, self._key)] = scene.rows(
            "select i.id, i.key from conversations_inbox i "
            "join accounts_clientaccount a on a.id = i.account_id "
            "where a.slug = 'kogane' and i.channel = 'whatsapp'"
        )

    def flood(self, amount: int) -> None:
        for _batch in range(amount // _AT_ONCE):
            moment = str(int(time.time()))
            statuses = [
                {
                    "id": f"wamid.{uuid.uuid4().hex}",
                    "status": "read",
                    "timestamp": moment,
                }
                for _n in range(_AT_ONCE)
            ]
            self._post({"statuses": statuses})

    def write(self) -> float:
        """Seconds from the post until the message is there for the screen to read."""
        message_id = f"wamid.{uuid.uuid4().hex}"
        text = {
            "from": "819012340000",
            "id": message_id,
            "timestamp": str(int(time.time())),
            "type": "text",
            "text": {"body": "まだ届きません"},
        }
        began = time.monotonic()
        self._post({"messages": [text], "contacts": [{"wa_id": text["from"]}]})
        self._scene.wait(lambda: self._stored(message_id), 1)
        return time.monotonic() - began

    def _stored(self, message_id: str) -> int:
        return len(
            self._scene.rows(
                "select 1 from conversations_message "
                "where inbox_id = %s and provider_message_id = %s",
                [self._inbox, message_id],
            )
        )

    def _post(self, value: dict[str, Any]) -> None:
        metadata = {"phone_number_id": self._values["phone_number_id"]}
        change = {"field": "messages", "value": {"metadata": metadata, **value}}
        entry = {"id": self._values["waba_id"], "time": 0, "changes": [change]}
        body = json.dumps({"object": "whatsapp_business_account", "entry": [entry]})
        key = self._values["app_secret"].encode()
        digest = hmac.new(key, body.encode(), hashlib.sha256).hexdigest()
        headers = {
            "Content-Type": "application/json",
            "X-Hub-Signature-256": f"sha256={digest}",
        }
        answer = self._scene.agent.send("POST", f"/hooks/{self._key}/", body, headers)
        if answer.status != 200:
            raise RuntimeError(f"The webhook answers {answer.status}.")
