"""Who writes mail, and where it goes."""

import json
import re

import pytest
from werkzeug import Response

from tests.conversations.adapters.email.caller import caller
from tests.conversations.adapters.email.mailbox import box
from tests.conversations.adapters.email.tokens import google
from tests.conversations.providers.email import PROVIDER

__all__ = ["box", "caller", "google"]


@pytest.fixture
def esp(httpserver, settings, box):
    """A provider's interface that takes every mail; its requests are in the log."""
    settings.SIMULATOR_URL = httpserver.url_for("").rstrip("/")
    box.inbox.connection.is_simulated = True
    box.inbox.connection.save(update_fields=["is_simulated"])
    status, answer = PROVIDER.accepted
    httpserver.expect_request(re.compile(".*")).respond_with_handler(
        lambda request: Response(
            json.dumps({**answer, "To": request.json["To"]}),
            status,
            content_type="application/json",
        )
    )
    return httpserver
