"""Instagram's messages, as a professional account has them."""

from typing import Any

from conversations.adapters.base import Connection
from conversations.adapters.meta_graph.simulator.messaging import MessagingSimulator
from conversations.adapters.simulation.samples import PICTURE


class InstagramSimulator(MessagingSimulator):
    channel = "instagram"
    title = "Instagram"
    object = "instagram"
    account = "instagram_id"
    kinds = (*MessagingSimulator.kinds, "read", "story")
    scopes = ("instagram_basic", "instagram_manage_messages", "pages_manage_metadata")

    def write_read(self, connection: Connection, person: str, text: str) -> None:
        """Instagram names the message, where Messenger tells a time."""
        ours = [line for line in self.lines_of(person, connection) if line.is_ours]
        if ours:
            self._post(connection, person, read={"mid": ours[-1].id})

    def write_story(self, connection: Connection, person: str, text: str) -> None:
        """The shop is mentioned in the customer's story."""
        name = self.store_file(PICTURE, "image/png")
        payload = {"url": self.address_of(connection, name)}
        attachments = [{"type": "story_mention", "payload": payload}]
        self._message(connection, person, "[story]", {"attachments": attachments})

    def _echo(
        self, connection: Connection, person: str, mid: str, message: dict[str, Any]
    ) -> int:
        """Without app and metadata: Instagram tells neither."""
        echo = {
            name: value
            for name, value in message.items()
            if name not in {"metadata", "app_id"}
        }
        event = {"message": {"is_echo": True, "mid": mid, **echo}}
        return self._entry(connection, self._account(connection), person, event)
