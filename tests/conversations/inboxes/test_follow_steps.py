"""What one tab does to an inbox, the others of the same page read again."""

import pytest
from django.test import Client

from agentdesk.accounts.access import access_of
from agentdesk.live.topics import allowed_topics
from conversations.models import Inbox
from tests.conversations.double import GOOD, post_event

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def desk(admin, client_of) -> Client:
    return client_of(admin)


@pytest.fixture
def published(monkeypatch) -> list[str]:
    """The signals that left, in the order of their commits."""
    sent: list[str] = []
    monkeypatch.setattr(
        "agentdesk.live.publish.send_now", lambda topic, kind, ids: sent.append(topic)
    )
    return sent


def url(inbox: Inbox, rest: str = "") -> str:
    return f"/settings/kogane/inboxes/{inbox.pk}/{rest}"


def version_of(desk: Client, inbox: Inbox) -> str:
    return desk.get(url(inbox)).context["version"]


def test_admins_alone_hear_of_the_inboxes_of_their_company(
    draft, admin, supervisor, agent, stranger
):
    topic = f"inbox:{draft.pk}"
    allowed = [
        allowed_topics(access_of(member.user), [topic])
        for member in (admin, supervisor, agent, stranger)
    ]
    assert allowed == [{topic}, set(), set(), set()]


def test_every_step_taken_is_told_to_who_watches(draft, desk, client, published):
    topic = f"inbox:{draft.pk}"
    for number, step in enumerate(
        (
            lambda: desk.post(url(draft, "connection/"), GOOD),
            lambda: desk.post(url(draft, "check/")),
            lambda: desk.post(url(draft, "state/"), {"state": "test"}),
            lambda: post_event(client, draft),
        ),
        1,
    ):
        assert step().status_code == 200
        assert published.count(topic) == number
    post_event(client, draft, 2)
    assert published.count(topic) == 4  # only the first event turns a step green


def test_the_steps_are_read_again_only_where_something_has_changed(draft, desk):
    before = version_of(desk, draft)
    steps = url(draft, f"steps/?seen={before}")
    assert desk.get(steps).status_code == 204
    desk.post(url(draft, "connection/"), GOOD)
    answer = desk.get(steps).content.decode()
    for part in ("step-check", "step-connection", "step-prepare-head"):
        assert f'id="{part}" hx-swap-oob="true"' in answer
    assert "AC12345" in answer
    assert GOOD["token"] not in answer
    assert f"seen={version_of(desk, draft)}" in answer
    assert desk.get(url(draft, "steps/")).status_code == 200


def test_the_state_is_read_again_only_where_it_is_another(filled_in, desk):
    page = desk.get(url(filled_in))
    state = url(filled_in, f"state/?seen={page.context['control'].version}")
    assert desk.get(state).status_code == 204
    desk.post(url(filled_in, "state/"), {"state": "test"})
    assert "下書きに戻す" in desk.get(state).content.decode()
