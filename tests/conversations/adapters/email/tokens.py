"""A mailbox at Google, whose tokens the test's own server gives out."""

import json

import pytest
from werkzeug import Response

from conversations.adapters.email import oauth


@pytest.fixture
def google(box, httpserver, settings):
    """A Google mailbox; its token endpoint is the test's own server."""
    settings.SIMULATOR_URL = httpserver.url_for("").rstrip("/")
    settings.PUBLIC_URL = "https://desk.example.jp"
    box.inbox.connection.is_simulated = True
    box.inbox.connection.save(update_fields=["is_simulated"])
    box.set(kind="google", client_id="client-1")
    box.secret(client_secret="hush", refresh_token="")
    oauth._stored.clear()
    return box


def answering(httpserver, *, status=200, **body) -> list[dict[str, str]]:
    """The forms it is asked with, as they come."""
    forms = []

    def answer(request):
        forms.append(request.form.to_dict())
        return Response(json.dumps(body), status)

    httpserver.expect_request("/email/token").respond_with_handler(answer)
    return forms
