"""Telegram's Bot API as it behaves: a token in the address, results and refusals in one shape."""

import itertools
import json
import time
from collections.abc import Mapping
from typing import Any

from conversations.adapters.base import Connection
from conversations.adapters.simulation.base import Connections, Line, Simulator, route
from conversations.adapters.simulation.wire import Answer, Request, form_parts
from conversations.adapters.splitting import utf16_length

_MOST_TEXT, _MOST_CAPTION = 4096, 1024
_MOST_FETCHED = 20 * 1024 * 1024
_BOT = r"/bot(?P<token>[^/]+)"


class TelegramApi(Simulator):
    """`webhooks` are what setWebhook has set, by token; `blocked` the chats that refuse us."""

    def __init__(self, connections: Connections) -> None:
        super().__init__(connections)
        self.webhooks: dict[str, dict[str, Any]] = {}
        self.blocked: set[str] = set()
        self.files: dict[str, tuple[str, bytes, int]] = {}  # type, bytes, size as told
        self.last_error: dict[str, Any] = {}
        # Telegram's numbers go on where an earlier run has stopped.
        self.numbers = itertools.count(int(time.time()))

    def of_token(self, token: str) -> Connection | None:
        for connection in self.connections():
            if token and token == connection.secrets.get("bot_token"):
                return connection
        return None

    def refuse(self, status: int, message: str, headers: Mapping[str, str]) -> Answer:
        refusal: dict[str, Any] = {
            "ok": False,
            "error_code": status,
            "description": message,
        }
        if "Retry-After" in headers:
            refusal["parameters"] = {"retry_after": int(headers["Retry-After"])}
        return Answer.json(refusal, status=status)

    @route("POST", rf"{_BOT}/(?P<method>\w+)")
    def call(self, request: Request, token: str, method: str) -> Answer:
        connection = self.of_token(token)
        if connection is None:
            return self.refuse(401, "Unauthorized", {})
        answer = getattr(self, f"do_{method.lower()}", None)
        if answer is None:
            return self.refuse(404, "Not Found: method not found", {})
        result = answer(connection, _values(request))
        return result if isinstance(result, Answer) else _ok(result)

    @route("GET", rf"/file{_BOT}/(?P<name>[\w/.-]+)")
    def file(self, _request: Request, token: str, name: str) -> Answer:
        stored = self.files.get(name.rpartition("/")[2])
        if self.of_token(token) is None or stored is None:
            return self.refuse(404, "Not Found", {})
        return Answer(stored[1], content_type="application/octet-stream")

    def do_getme(self, connection: Connection, _values: Mapping[str, Any]) -> Any:
        number = connection.secrets["bot_token"].partition(":")[0]
        return {
            "id": int(number),
            "is_bot": True,
            "first_name": connection.name,
            "username": f"mise{number[-3:]}_bot",
        }

    def do_setwebhook(
        self, connection: Connection, values: Mapping[str, Any]
    ) -> Answer | bool:
        url = str(values.get("url", ""))
        if not url.startswith(("https://", "http://127.0.0.1", "http://localhost")):
            text = "Bad Request: bad webhook: An HTTPS URL must be provided for webhook"
            return self.refuse(400, text, {})
        self.webhooks[connection.secrets["bot_token"]] = dict(values)
        self.last_error = {}
        return True

    def do_getwebhookinfo(
        self, connection: Connection, _values: Mapping[str, Any]
    ) -> Any:
        known = self.webhooks.get(connection.secrets["bot_token"], {})
        info = {"url": known.get("url", ""), "pending_update_count": 0}
        return {**info, **self.last_error}

    def do_getfile(
        self, _connection: Connection, values: Mapping[str, Any]
    ) -> Answer | dict[str, Any]:
        name = str(values.get("file_id", ""))
        stored = self.files.get(name)
        if stored is None:
            text = "Bad Request: wrong file_id or the file is temporarily unavailable"
            return self.refuse(400, text, {})
        if stored[2] > _MOST_FETCHED:
            return self.refuse(400, "Bad Request: file is too big", {})
        return {"file_id": name, "file_size": stored[2], "file_path": f"files/{name}"}

    # --- what a bot writes ---
    def do_sendmessage(
        self, connection: Connection, values: Mapping[str, Any]
    ) -> Answer | dict[str, Any]:
        text = str(values.get("text", ""))
        if not text.strip():
            return self.refuse(400, "Bad Request: message text is empty", {})
        if utf16_length(text) > _MOST_TEXT:
            return self.refuse(400, "Bad Request: message is too long", {})
        return self._write(connection, values, text, {"text": text})

    def do_sendphoto(self, connection: Connection, values: Mapping[str, Any]) -> Any:
        return self._send_file(connection, values, "photo")

    def do_sendvideo(self, connection: Connection, values: Mapping[str, Any]) -> Any:
        return self._send_file(connection, values, "video")

    def do_sendaudio(self, connection: Connection, values: Mapping[str, Any]) -> Any:
        return self._send_file(connection, values, "audio")

    def do_senddocument(self, connection: Connection, values: Mapping[str, Any]) -> Any:
        return self._send_file(connection, values, "document")

    def _send_file(
        self, connection: Connection, values: Mapping[str, Any], field: str
    ) -> Answer | dict[str, Any]:
        upload = values.get("_files", {}).get(field)
        if upload is None:
            return self.refuse(
                400, f"Bad Request: there is no {field} in the request", {}
            )
        content, name, content_type = upload
        if field == "photo" and not content_type.startswith("image/"):
            return self.refuse(400, "Bad Request: IMAGE_PROCESS_FAILED", {})
        caption = str(values.get("caption", ""))
        if utf16_length(caption) > _MOST_CAPTION:
            text = "Bad Request: message caption is too long"
            return self.refuse(400, text, {})
        shown = f"[{field} {name}, {len(content)} bytes] {caption}".strip()
        return self._write(connection, values, shown, {"caption": caption})

    def _write(
        self,
        connection: Connection,
        values: Mapping[str, Any],
        shown: str,
        message: Mapping[str, Any],
    ) -> Answer | dict[str, Any]:
        chat = str(values.get("chat_id", ""))
        if not chat.isdecimal():
            return self.refuse(400, "Bad Request: chat not found", {})
        if chat in self.blocked:
            return self.refuse(403, "Forbidden: bot was blocked by the user", {})
        number = next(self.numbers)
        answered = values.get("reply_parameters") or {}
        if answered:
            shown = f"↩ {self._text_of(chat, answered['message_id'])}\n{shown}"
        line = Line(self.person_of(chat), True, shown, str(number), facts=dict(values))
        self.add_line(line, connection)
        return {
            "message_id": number,
            "date": int(time.time()),
            "chat": {"id": int(chat), "type": "private"},
            **message,
        }

    def _text_of(self, chat: str, number: object) -> str:
        person = self.person_of(chat)
        found = [one.text for one in self.lines_of(person) if one.id == str(number)]
        return found[-1][:40] if found else "…"

    def person_of(self, chat: str) -> str:
        """Who of the page is behind that number."""
        return chat


def _values(request: Request) -> dict[str, Any]:
    """JSON, or a form with a file, whose nested values are JSON."""
    if "multipart" not in request.headers.get("content-type", ""):
        return dict(request.json())
    values: dict[str, Any] = {"_files": {}}
    for name, part in form_parts(request).items():
        if part[1]:
            values["_files"][name] = part
        else:
            values[name] = part[0].decode()
    if "reply_parameters" in values:
        values["reply_parameters"] = json.loads(values["reply_parameters"])
    return values


def _ok(result: Any) -> Answer:
    return Answer.json({"ok": True, "result": result})
