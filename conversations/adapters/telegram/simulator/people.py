"""The customers' side of the simulated Telegram: what they do becomes an update."""

import json
import time
from collections.abc import Mapping
from typing import Any, ClassVar

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from conversations.adapters.base import Connection
from conversations.adapters.simulation.base import Line
from conversations.adapters.simulation.samples import PDF, PICTURE, VIDEO
from conversations.adapters.telegram.set_up import webhook_secret
from conversations.adapters.telegram.simulator.api import TelegramApi

_FIRST_CHAT = 5_200_000_000


class TelegramSimulator(TelegramApi):
    channel = "telegram"
    title = "Telegram"
    kinds = (
        "text",
        "image",
        "file",
        "video",
        "sticker",
        "location",
        "reply",
        "edit",
        "follow",
        "unfollow",
        "again",
        "group",
    )
    labels: ClassVar[Mapping[str, str | Promise]] = {
        "reply": _("Answer the last one"),
        "follow": _("Press START"),
        "group": _("Write in a group"),
    }

    @classmethod
    def demo(cls, number: int) -> Mapping[str, str]:
        return {"bot_token": f"{7_100_000_000 + number}:AAsimulated{number:024d}"}

    def sign(self, connection: Connection, body: bytes) -> dict[str, str]:
        """What setWebhook has told; an earlier run of the simulator may have been told."""
        token = connection.secrets.get("bot_token", "")
        known = self.webhooks.get(token, {}).get("secret_token", "")
        secret = known or webhook_secret(token, connection.inbox_key)
        return {"X-Telegram-Bot-Api-Secret-Token": secret}

    # --- what customers do ---
    def write_text(self, connection: Connection, person: str, text: str) -> None:
        self._message(connection, person, text, {"text": text or "…"})

    def write_image(self, connection: Connection, person: str, text: str) -> None:
        small = self._file(PICTURE, "image/jpeg") | {"width": 90, "height": 60}
        large = self._file(PICTURE, "image/jpeg") | {"width": 480, "height": 320}
        photo = {"photo": [small, large], **({"caption": text} if text else {})}
        self._message(connection, person, f"[photo] {text}", photo)

    def write_file(self, connection: Connection, person: str, text: str) -> None:
        file = self._file(PDF, "application/pdf") | {"file_name": "receipt.pdf"}
        self._message(connection, person, "[receipt.pdf]", {"document": file})

    def write_video(self, connection: Connection, person: str, text: str) -> None:
        file = self._file(VIDEO, "video/mp4") | {"duration": 2}
        self._message(connection, person, "[video]", {"video": file})

    def write_sticker(self, connection: Connection, person: str, text: str) -> None:
        """One that moves: what a browser can draw is its thumbnail alone."""
        file = self._file(b"\x1f\x8b", "application/x-tgsticker")
        sticker = {
            **file,
            "type": "regular",
            "width": 512,
            "height": 512,
            "is_animated": True,
            "is_video": False,
            "emoji": text or "🙏",
            "thumbnail": self._file(PICTURE, "image/webp"),
        }
        self._message(
            connection, person, f"[sticker {text or '🙏'}]", {"sticker": sticker}
        )

    def write_location(self, connection: Connection, person: str, text: str) -> None:
        place = {"latitude": 35.681236, "longitude": 139.767125}
        venue = {
            "location": place,
            "title": text or "東京駅",
            "address": "千代田区丸の内",
        }
        self._message(
            connection, person, "[location]", {"venue": venue, "location": place}
        )

    def write_reply(self, connection: Connection, person: str, text: str) -> None:
        """To the newest message of ours."""
        ours = [one for one in self.lines_of(person, connection) if one.is_ours]
        content: dict[str, Any] = {"text": text or "…"}
        if ours:
            answered = {"message_id": int(ours[-1].id), "date": int(ours[-1].at)}
            content["reply_to_message"] = {**answered, "chat": self._chat(person)}
        self._message(connection, person, f"↩ {text}", content)

    def write_edit(self, connection: Connection, person: str, text: str) -> None:
        """The newest message of theirs."""
        theirs = [one for one in self.lines_of(person, connection) if not one.is_ours]
        if theirs:
            theirs[-1].text = text
            changed = self._shape(person, int(theirs[-1].id), {"text": text or "…"})
            changed |= {"date": int(theirs[-1].at), "edit_date": int(time.time())}
            self._post(connection, {"edited_message": changed})

    def write_follow(self, connection: Connection, person: str, text: str) -> None:
        if self.chat_of(person) in self.blocked:
            self.blocked.discard(self.chat_of(person))
            self._member(connection, person, "kicked", "member")
        start = f"/start {text}".strip()
        self._message(connection, person, start, {"text": start})

    def write_unfollow(self, connection: Connection, person: str, text: str) -> None:
        self.blocked.add(self.chat_of(person))
        self._member(connection, person, "member", "kicked")

    def write_again(self, connection: Connection, person: str, text: str) -> None:
        """The last update once more, as where our answer was lost."""
        if self.posted:
            self.post_event(connection, self.posted[-1][1])

    def write_group(self, connection: Connection, person: str, text: str) -> None:
        message = self._shape(person, next(self.numbers), {"text": text or "…"})
        message["chat"] = {
            "id": -1001234567890,
            "type": "supergroup",
            "title": "町内会",
        }
        self._post(connection, {"message": message})

    # --- how an update is made ---
    def chat_of(self, person: str) -> str:
        """The number of a person of the page; one who is a number already keeps it."""
        digits = "".join(one for one in person if "0" <= one <= "9") or "1"
        return digits if len(digits) > 6 else str(_FIRST_CHAT + int(digits))

    def person_of(self, chat: str) -> str:
        number = int(chat) - _FIRST_CHAT
        return str(number) if 0 <= number < 10**6 else chat

    def _chat(self, person: str) -> dict[str, Any]:
        return {
            "id": int(self.chat_of(person)),
            "type": "private",
            "first_name": f"ゲスト{person}",
        }

    def _shape(
        self, person: str, number: int, content: Mapping[str, Any]
    ) -> dict[str, Any]:
        sender = {
            "id": int(self.chat_of(person)),
            "is_bot": False,
            "first_name": f"ゲスト{person}",
            "language_code": "ja",
        }
        return {
            "message_id": number,
            "from": sender,
            "chat": self._chat(person),
            "date": int(time.time()),
            **content,
        }

    def _message(
        self,
        connection: Connection,
        person: str,
        shown: str,
        content: Mapping[str, Any],
    ) -> None:
        number = next(self.numbers)
        self.add_line(Line(person, False, shown.strip(), str(number)), connection)
        self._post(connection, {"message": self._shape(person, number, content)})

    def _member(
        self, connection: Connection, person: str, before: str, after: str
    ) -> None:
        bot = {"id": 1, "is_bot": True, "first_name": connection.name}
        change = {
            "chat": self._chat(person),
            "from": self._shape(person, 0, {})["from"],
            "date": int(time.time()),
            "old_chat_member": {"user": bot, "status": before},
            "new_chat_member": {"user": bot, "status": after},
        }
        self._post(connection, {"my_chat_member": change})

    def _post(self, connection: Connection, content: Mapping[str, Any]) -> int:
        update = {"update_id": next(self.numbers), **content}
        body = json.dumps(update, ensure_ascii=False).encode()
        return self.post_event(connection, body)

    def _file(self, content: bytes, content_type: str) -> dict[str, Any]:
        name = f"AgAC{next(self.numbers)}"
        self.files[name] = (content_type, content, len(content))
        named = {"file_id": name, "file_unique_id": name[::-1]}
        return {**named, "file_size": len(content), "mime_type": content_type}
