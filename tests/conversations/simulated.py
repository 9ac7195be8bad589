"""What the simulated providers of tests share: how they reach the desk, and a reply to them."""

from typing import Any
from uuid import uuid4

from django.test import Client


class InProcess:
    """A simulator's events reach the desk without a server; its API is asked over HTTP.

    Stands before the simulator among the bases of a class.
    """

    sign: Any
    posted: list[tuple[int, bytes]]

    def post_event(self, connection, body, *, content_type="application/json"):
        response = Client().post(
            f"/hooks/{connection.inbox_key}/",
            body,
            content_type=content_type,
            headers=self.sign(connection, body),
        )
        self.posted.append((response.status_code, body))
        return response.status_code


def reply(agent, conversation, text="ただいま確認いたします。", **more):
    http = Client()
    http.force_login(agent.user)
    return http.post(
        f"/conversations/{conversation.pk}/compose/",
        {"kind": "reply", "body": text, "client_id": str(uuid4()), **more},
    )
