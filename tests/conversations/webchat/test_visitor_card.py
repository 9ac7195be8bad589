"""What the agent sees of the visitor: where they are and what they say."""

import pytest

from conversations.models import Conversation, Visitor
from tests.conversations.webchat.chat import ChatVisitor


@pytest.fixture
def conversation(webchat) -> Conversation:
    visitor = ChatVisitor(webchat)
    visitor.begin()
    visitor.send("こんにちは")
    visitor.begin(url="https://shop.example.jp/shirts?a=1", title="シャツ <一覧>")
    visitor.post("about/", {"name": "鈴木 花子", "email": "hanako@example.jp"})
    return Conversation.objects.get()


def test_the_card_shows_page_and_statements(conversation, agent, client_of):
    client = client_of(agent)
    text = client.get(f"/conversations/{conversation.pk}/visitor/").content.decode()
    assert 'href="https://shop.example.jp/shirts?a=1"' in text
    assert "シャツ &lt;一覧&gt;" in text
    assert "鈴木 花子 · hanako@example.jp" in text
    page = client.get(f"/conversations/{conversation.pk}/").content.decode()
    assert "シャツ &lt;一覧&gt;" in page


def test_a_page_that_is_no_web_address_is_not_kept(conversation, webchat, agent):
    visitor = ChatVisitor(webchat)
    visitor.begin()
    visitor.send("x")
    visitor.begin(url="javascript:alert(1)", title="x")
    assert Visitor.objects.order_by("-pk").first().page_url == ""


def test_the_page_is_written_at_most_every_fifteen_seconds(webchat):
    visitor = ChatVisitor(webchat)
    visitor.begin()
    visitor.send("x")
    for number in range(3):
        visitor.post("page/", {"url": f"https://shop.example.jp/{number}"})
    assert Visitor.objects.get().page_url == "https://shop.example.jp/0"


def test_a_stranger_gets_404(conversation, stranger, client_of):
    address = f"/conversations/{conversation.pk}/visitor/"
    assert client_of(stranger).get(address).status_code == 404


def test_the_preview_is_for_members_and_may_stand_in_our_frames(
    webchat, admin, stranger, client_of, client
):
    address = f"/chat/{webchat.key}/preview/?title=Test&colour=teal"
    response = client_of(admin).get(address)
    assert "frame-ancestors 'self'" in response["Content-Security-Policy"]
    assert response["X-Frame-Options"] == "SAMEORIGIN"
    assert "&quot;colour&quot;: &quot;teal&quot;" in response.content.decode()
    assert client_of(stranger).get(address).status_code == 404
    assert client.get(address).status_code == 302
