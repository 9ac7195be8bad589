"""While PostgreSQL is away: a sentence and a time to ask again, and nothing is lost."""

import pytest
from django.db import OperationalError
from django.test import Client

from tests.conversations.webchat.chat import ChatVisitor


@pytest.fixture
def _away(monkeypatch):
    def away(*_args, **_kwargs):
        raise OperationalError("the connection is lost")

    monkeypatch.setattr("conversations.webchat.views.door.active_webchat", away)
    monkeypatch.setattr("agentdesk.accounts.middleware.access_of", away)


@pytest.mark.usefixtures("_away")
def test_the_chat_says_that_it_goes_on_by_itself(webchat):
    response = ChatVisitor(webchat).post("session/")
    assert response.status_code == 503
    assert response["Retry-After"]
    assert response.json()["error"]["code"] == "away"


@pytest.mark.usefixtures("_away")
def test_the_desk_says_so_on_a_page(client_of, agent):
    client: Client = client_of(agent)
    client.raise_request_exception = False
    response = client.get("/desk/")
    assert response.status_code == 503
    assert response["Retry-After"]
    assert "下書きは保存されています" in response.content.decode()


def test_a_mistake_of_ours_is_a_500(client_of, agent, monkeypatch):
    def broken(*_args, **_kwargs):
        raise ZeroDivisionError

    client: Client = client_of(agent)
    client.raise_request_exception = False
    monkeypatch.setattr("agentdesk.accounts.middleware.access_of", broken)
    assert client.get("/desk/").status_code == 500
