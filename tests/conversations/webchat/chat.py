"""A visitor as tests play one: JSON requests of a page, with or without a token."""

import json
from typing import Any
from uuid import uuid4

from django.test import Client

from conversations.models import Inbox

SHOP = "https://shop.example.jp"


class ChatVisitor:
    def __init__(self, inbox: Inbox, *, origin: str = "", address: str = "") -> None:
        self.inbox = inbox
        self.client = Client()
        self.headers = {"Origin": origin} if origin else {}
        self.environ = {"REMOTE_ADDR": address} if address else {}
        self.token = ""

    def post(self, path: str, fields: Any = None) -> Any:
        return self.client.post(
            f"/chat/{self.inbox.key}/{path}",
            json.dumps(fields or {}),
            content_type="application/json",
            headers=self._headers(),
            **self.environ,
        )

    def get(self, path: str) -> Any:
        return self.client.get(
            f"/chat/{self.inbox.key}/{path}", headers=self._headers(), **self.environ
        )

    def upload(self, file: Any, client_id: str = "") -> Any:
        return self.client.post(
            f"/chat/{self.inbox.key}/files/",
            {"file": file, "client_id": client_id or str(uuid4())},
            headers=self._headers(),
            **self.environ,
        )

    def _headers(self) -> dict[str, str]:
        authorization = {"Authorization": f"Visitor {self.token}"} if self.token else {}
        return self.headers | authorization

    def begin(self, **fields: Any) -> dict[str, Any]:
        response = self.post("session/", fields)
        assert response.status_code == 200, response.content
        answer = response.json()
        self.token = answer["token"]
        return answer

    def send(self, body: str, client_id: str = "") -> Any:
        return self.post(
            "messages/", {"body": body, "client_id": client_id or str(uuid4())}
        )

    def history(self) -> list[dict[str, Any]]:
        return self.get("messages/").json()["messages"]

    def bodies(self) -> list[str]:
        return [message["body"] for message in self.history()]
