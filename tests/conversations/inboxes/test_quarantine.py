"""What could not be taken up waits where an admin reads it, masked."""

import json

import pytest
from django.test import Client

from agentdesk.audit.models import AuditEntry
from conversations.choices import EventState
from conversations.inboxes.selectors.event_body import readable_body
from conversations.models import Inbox, Message, ProviderEvent
from tests.conversations.double import post_event
from tests.effort import assert_effort_below

pytestmark = pytest.mark.django_db(transaction=True)
URL = "/settings/kogane/quarantine/"
CARD = "4111 1111 1111 1111"


@pytest.fixture
def desk(admin, client_of) -> Client:
    return client_of(admin)


@pytest.fixture
def live(filled_in) -> Inbox:
    Inbox.objects.filter(pk=filled_in.pk).update(state="live")
    return Inbox.objects.get(pk=filled_in.pk)


@pytest.fixture
def broken(live, client) -> ProviderEvent:
    post_event(client, live, 1, broken="no text in it", text=f"カードは{CARD}です")
    return ProviderEvent.objects.get(state=EventState.QUARANTINED)


def mend(event: ProviderEvent) -> None:
    """As if a new version of ours understood it."""
    payload = json.loads(bytes(event.body)) | {"broken": ""}
    event.body = json.dumps(payload).encode()
    event.save(update_fields=["body"])


def test_it_is_listed_with_its_reason_and_read_masked(broken, desk):
    page = desk.get(URL).content.decode()
    assert "no text in it" in page
    assert "ショート" in page
    read = desk.get(f"{URL}{broken.pk}/").content.decode()
    assert "カードは" in read
    assert CARD not in read
    assert "•••• 1111" in read
    entry = AuditEntry.objects.get(action="event.read")
    assert entry.target_id == broken.pk
    assert desk.get("/settings/kogane/inboxes/").content.decode().count("隔離中") == 1


def test_it_is_run_again_and_taken_up(broken, desk):
    mend(broken)
    answer = desk.post(f"{URL}{broken.pk}/again/")
    assert answer.headers["HX-Redirect"] == URL
    assert Message.objects.filter(kind="text").count() == 1
    broken.refresh_from_db()
    assert broken.state == EventState.PROCESSED
    assert AuditEntry.objects.filter(action="event.run_again").count() == 1
    desk.post(f"{URL}{broken.pk}/again/")  # a second click changes nothing
    assert Message.objects.filter(kind="text").count() == 1


def test_what_is_still_not_understood_comes_back(broken, desk):
    desk.post(f"{URL}{broken.pk}/again/")
    broken.refresh_from_db()
    assert (broken.state, broken.reason) == (EventState.QUARANTINED, "no text in it")


def test_it_is_discarded_alone_or_with_all_of_its_reason(broken, live, desk, client):
    for number in (2, 3):
        post_event(client, live, number, broken="no text in it")
    post_event(client, live, 4, broken="another reason")
    desk.post(f"{URL}{broken.pk}/discard/")
    aside = ProviderEvent.objects.filter(state=EventState.QUARANTINED)
    assert aside.count() == 3
    second = aside.order_by("pk").first()
    desk.post(f"{URL}{second.pk}/discard/", {"all": "1"})
    assert [event.reason for event in aside.all()] == ["another reason"]
    assert AuditEntry.objects.filter(action="event.discarded").count() == 3


def test_ignored_and_held_ones_stand_beside_it(live, desk, client):
    post_event(client, live, 1, strange="type 'beacon'")
    Inbox.objects.filter(pk=live.pk).update(state="stopped")
    post_event(client, live, 2)
    assert (
        "type &#x27;beacon&#x27;" in desk.get(f"{URL}?state=ignored").content.decode()
    )
    assert "公開されていません" in desk.get(f"{URL}?state=held").content.decode()
    held = ProviderEvent.objects.get(state=EventState.HELD)
    desk.post(f"{URL}{held.pk}/discard/")
    held.refresh_from_db()
    assert held.state == EventState.HELD  # it waits for its inbox


def test_the_list_is_paged_and_costs_the_same(
    live, desk, django_assert_max_num_queries
):
    ProviderEvent.objects.bulk_create(
        ProviderEvent(
            account=live.account,
            inbox=live,
            provider_event_id=str(number),
            body=b"{}",
            state=EventState.QUARANTINED,
            reason=f"reason {number}",
        )
        for number in range(70)
    )
    seen, url = [], URL
    while url:
        with django_assert_max_num_queries(16):
            page = desk.get(url)
        seen += [event.reason for event in page.context["page"].rows]
        cursor = page.context["page"].next_cursor
        url = f"{URL}?cursor={cursor}" if cursor else ""
    assert seen == [f"reason {number}" for number in reversed(range(70))]
    assert desk.get(f"{URL}?cursor=forged").status_code == 404


def test_agents_are_refused_and_strangers_find_nothing(
    broken, agent, stranger, client_of
):
    for member, status in ((agent, 403), (stranger, 404)):
        client = client_of(member)
        assert client.get(URL).status_code == status
        assert client.get(f"{URL}{broken.pk}/").status_code == status
        for verb in ("again", "discard"):
            assert client.post(f"{URL}{broken.pk}/{verb}/").status_code == status
    elsewhere = f"/settings/hinata/quarantine/{broken.pk}/"
    assert client_of(stranger).get(elsewhere).status_code == 404
    assert not AuditEntry.objects.filter(action="event.read").exists()


@pytest.mark.parametrize(
    ("body", "shown", "hidden"),
    [
        (b'{"a": {"access_token": "abc123"}}', "access_token", "abc123"),
        (b'{"replyToken": "nHuyWiB7yP5Z"}', "replyToken", "nHuyWiB7yP5Z"),
        (b'{"text": "Authorization: Bearer abcdefgh123"}', "text", "abcdefgh123"),
        (b"Body=hello&AuthToken=abc123", "Body: hello", "abc123"),
        (b'{"card": 4111111111111111}', "card", "4111111111111111"),
        (b"{'secret': 'abc123'", "secret", "abc123"),
        (b"\xff\xfe not text, password=abc123", "password", "abc123"),
        (json.dumps({"text": "x" * 5000}).encode(), "(+4600)", "x" * 500),
        (b"[" * 5000, "[", "nothing"),
    ],
)
def test_secrets_cards_and_long_texts_are_covered(body, shown, hidden):
    readable = readable_body(body)
    assert shown in readable
    assert hidden not in readable


def test_what_is_harmless_is_readable():
    readable = readable_body(
        '{"text": "返品したい", "ok": true, "n": 12, "no": null}'.encode()
    )
    assert json.loads(readable) == {
        "text": "返品したい",
        "ok": True,
        "n": 12,
        "no": None,
    }


@pytest.mark.parametrize(
    "body",
    [
        b"From: " + b"x" * 1_000_000,
        b"secret" * 200_000,
        json.dumps({"a": "x" * 1_000_000}).encode(),
    ],
)
def test_an_endless_body_is_read_in_a_moment(body):
    assert len(readable_body(body)) < 21_000
    assert_effort_below(3, lambda: readable_body(body))


def test_a_secret_at_the_end_of_what_is_shown_is_covered():
    readable = readable_body(b"a " * 9_990 + b"api_key=abcdefghijkl more" + b" z" * 50)
    assert "abcdefghijkl" not in readable
    assert "(+" in readable
