"""All inboxes of an account at a glance, and the same words in `manage.py check`."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from agentdesk import crypto as credentials
from conversations.choices import EventState, FailureCode
from conversations.inboxes.selectors.overview import inbox_rows
from conversations.models import (
    Call,
    Delivery,
    Inbox,
    InboxConnection,
    InboxRefusals,
    Message,
    ProviderEvent,
)
from tests.conversations.line import answer
from tests.conversations.simulated import reply
from tests.factories.conversations import ConversationFactory, InboxFactory

pytestmark = pytest.mark.django_db
URL = "/settings/kogane/inboxes/"


def connected(account, queue, **facts) -> Inbox:
    inbox = InboxFactory(account=account, queue=queue, channel="line")
    InboxConnection.objects.create(inbox=inbox, **facts)
    return inbox


def test_a_row_tells_how_an_inbox_fares(account, queue, admin, client_of, conversation):
    now = timezone.now()
    inbox = connected(
        account,
        queue,
        quota_limit=200,
        quota_used=195,
        token_expires_at=now + timedelta(days=5, hours=1),
        address="@kogane",
    )
    InboxRefusals.objects.create(inbox=inbox, day=timezone.localdate(), count=7)
    message = conversation.messages.create(
        account=account, inbox=inbox, kind="text", direction="outbound", state="failed"
    )
    for number, age in enumerate((1, 2, 30)):
        Delivery.objects.create(
            account=account,
            message=message,
            inbox=inbox,
            number=number,
            state="failed",
            failure="blocked",
            failure_detail="the provider's own words",
            settled_at=now - timedelta(hours=age),
        )
    page = client_of(admin).get(URL).content.decode()
    for words in ("@kogane", "195 / 200", "あと 5 日", "7件拒否", "設定が途中です"):
        assert words in page, words
    row = next(row for row in inbox_rows(account) if row.inbox == inbox)
    assert (row.failures, row.quota.tone) == (1, "warning")  # one message, two requests
    failed = client_of(admin).get(f"{URL}{inbox.pk}/failures/").content.decode()
    assert failed.count("the provider&#x27;s own words") == 2
    with translation.override("ja"):
        assert str(FailureCode.BLOCKED.label) in failed


@pytest.mark.parametrize(
    ("code", "todo"),
    [
        ("credentials", "再認証"),
        ("quota", "上のプラン"),
        ("network", "アドレス"),
        ("provider", "しばらくしてから"),
        ("content", "提供元からの説明"),
        ("something-new", "提供元からの説明"),
    ],
)
def test_a_trouble_says_what_to_do(code, todo, account, queue, admin, client_of):
    connected(account, queue, trouble=code, trouble_detail="own words")
    assert todo in client_of(admin).get(URL).content.decode()


@pytest.mark.django_db(transaction=True)
def test_the_last_messages_are_told_at_once(line, agent, account, pbx):
    """Nothing is counted by the hour first; a reply that failed has not gone out."""
    message = line.write("届きません")
    line.write("まだです")
    message.refresh_from_db()
    reply(agent, message.conversation)
    sent = answer()
    Message.objects.create(
        account=account,
        conversation=message.conversation,
        inbox=line.inbox,
        kind="text",
        direction="outbound",
        state="failed",
    )
    pbx.ring()
    rows = {row.inbox: row for row in inbox_rows(account)}
    newest = Message.objects.filter(direction="inbound").latest("pk")
    assert rows[line.inbox].last_in == newest.created_at
    assert rows[line.inbox].last_out == sent.created_at
    assert rows[pbx.inbox].last_in == Call.objects.get().rang_at
    assert rows[pbx.inbox].last_out is None


def test_the_newest_message_of_an_inbox_is_found_in_an_index(account, queue):
    """Of thousands: with a handful, several indexes cost the planner the same."""
    inbox = connected(account, queue)
    conversation = ConversationFactory(customer__account=account)
    Message.objects.bulk_create(
        Message(
            account=account,
            conversation=conversation,
            inbox=inbox,
            kind="text",
            direction=("inbound", "outbound")[number % 2],
        )
        for number in range(4_000)
    )
    with connection.cursor() as cursor, CaptureQueriesContext(connection) as captured:
        cursor.execute("analyze conversations_message")
        inbox_rows(account)
        (query,) = (one["sql"] for one in captured if "last_in" in one["sql"])
        cursor.execute(f"explain {query}")
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert plan.count("message_newest") == 2, plan


def test_the_overview_costs_the_same_however_many_there_are(
    account, queue, django_assert_num_queries
):
    for _number in range(2):
        connected(account, queue)
    with django_assert_num_queries(5):
        assert len(inbox_rows(account)) == 2
    for _number in range(8):
        inbox = connected(account, queue, trouble="credentials")
        ProviderEvent.objects.create(
            account=account,
            inbox=inbox,
            provider_event_id="1",
            body=b"{}",
            state=EventState.QUARANTINED,
        )
    with django_assert_num_queries(5):
        assert len(inbox_rows(account)) == 10


def test_an_open_inbox_in_trouble_is_said_above_every_page(
    account, queue, admin, agent, stranger, client_of
):
    inbox = connected(account, queue, trouble="credentials")
    for page in ("/desk/", "/customers/", "/settings/kogane/general/"):
        assert inbox.name in client_of(admin).get(page).content.decode(), page
    assert inbox.name not in client_of(agent).get("/desk/").content.decode()
    assert inbox.name not in client_of(stranger).get("/desk/").content.decode()
    Inbox.objects.filter(pk=inbox.pk).update(state="stopped")
    assert inbox.name not in client_of(admin).get("/desk/").content.decode()


@pytest.mark.parametrize(
    "facts",
    [
        {"trouble": "network"},
        {"token_expires_at": timezone.now() + timedelta(days=2)},
        {"quota_limit": 10, "quota_used": 10},
        {"facts": {"findings": ["Switch it on."]}},
        {},
    ],
)
def test_whatever_stops_an_open_inbox_is_said(
    facts, double, account, queue, admin, client_of
):
    """`{}`: nothing is filled in. All else was filled in and checked."""
    well = {
        "checked_at": timezone.now(),
        "settings": {"kind": "cloud", "account": "AC12345"},
        "secrets": credentials.seal('{"token": "x"}'),
    }
    inbox = InboxFactory(account=account, queue=queue, channel="sms")
    InboxConnection.objects.create(inbox=inbox, **(well | facts if facts else {}))
    assert inbox.name in client_of(admin).get("/desk/").content.decode()
    InboxConnection.objects.filter(inbox=inbox).delete()
    InboxConnection.objects.create(inbox=inbox, **well)
    assert inbox.name not in client_of(admin).get("/desk/").content.decode()


def checked() -> str:
    output = StringIO()
    call_command("check", databases=["default"], stdout=output, stderr=output)
    return output.getvalue()


def test_the_system_check_names_what_is_set_up_by_halves(account, queue):
    inbox = connected(account, queue)
    output = checked()
    assert "conversations.W001" in output
    assert f"kogane: inbox “{inbox.name}”" in output
    assert "Channel secret" in output
    Inbox.objects.filter(pk=inbox.pk).update(state="stopped")
    assert inbox.name not in checked()


def test_the_system_check_asks_no_database_it_was_not_given(
    account, queue, django_assert_num_queries
):
    connected(account, queue)
    with django_assert_num_queries(0):
        call_command("check", stdout=StringIO(), stderr=StringIO())
