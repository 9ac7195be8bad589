"""An admin connects a channel alone, in the browser, and no secret ever comes back."""

import logging
import re

import pytest
from django.test import Client
from django.utils import timezone

from agentdesk.audit.models import AuditEntry
from conversations.adapters.base import Report
from conversations.adapters.failures import SendError
from conversations.models import Inbox, InboxConnection
from tests.conversations.double import GOOD, SECRET, post_event
from tests.conversations.providers import PROVIDERS

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def desk(admin, client_of) -> Client:
    return client_of(admin)


def url(inbox: Inbox, rest: str = "") -> str:
    return f"/settings/kogane/inboxes/{inbox.pk}/{rest}"


def text(response) -> str:
    return response.content.decode()


def connection(inbox: Inbox) -> InboxConnection:
    return InboxConnection.objects.get(inbox=inbox)


def test_a_channel_is_chosen_named_and_begins_as_a_draft(double, queue, desk):
    page = text(desk.get("/settings/kogane/inboxes/new/"))
    assert 'value="sms"' in page
    assert 'value="line"' in page
    data = {"channel": "sms", "name": "ショート"}
    response = desk.post("/settings/kogane/inboxes/new/", data)
    inbox = Inbox.objects.get(name="ショート")
    assert response.headers["HX-Redirect"] == url(inbox)
    assert inbox.state == "draft"
    assert desk.post("/settings/kogane/inboxes/new/", data).status_code == 422
    for wrong in ({"channel": "fax", "name": "a"}, {"channel": "", "name": "b"}):
        assert desk.post("/settings/kogane/inboxes/new/", wrong).status_code == 422
    assert text(desk.get(url(inbox))).count('class="step"') == 5


def test_a_channel_that_is_switched_off_is_not_to_be_chosen(queue, desk, settings):
    assert 'value="x"' in text(desk.get("/settings/kogane/inboxes/new/"))
    settings.CHANNEL_X = False
    assert 'value="x"' not in text(desk.get("/settings/kogane/inboxes/new/"))
    data = {"channel": "x", "name": "X"}
    assert desk.post("/settings/kogane/inboxes/new/", data).status_code == 422


@pytest.mark.parametrize("channel", ["webchat", "phone"])
def test_our_own_channels_lead_to_pages_of_their_own(channel, queue, desk):
    data = {"channel": channel, "name": "窓口"}
    address = desk.post("/settings/kogane/inboxes/new/", data).headers["HX-Redirect"]
    assert desk.get(address).status_code == 200
    assert Inbox.objects.get(name="窓口").state == "live"


@pytest.mark.parametrize(
    ("name", "typed", "sentence"),
    [
        ("account", "AC12345", "正しい形式です"),
        ("account", "AC1234", "もう一度コピー"),
        ("account", "AC12 345", "空白か改行"),
        ("account", "ＡＣ１２３４５", "全角"),
        ("account", " AC12345\n", "正しい形式です"),
        ("account", "", ""),
        ("token", "anything", "正しい形式です"),
        ("nothing", "x", ""),
    ],
)
def test_a_value_is_checked_while_it_is_typed(name, typed, sentence, draft, desk):
    answer = desk.post(url(draft, f"connection/field/?name={name}"), {name: typed})
    assert answer.status_code == 200
    assert sentence in text(answer)
    assert bool(sentence) == ("<svg" in text(answer))
    assert "anything" not in text(answer)
    assert connection(draft).settings == {}


def test_what_is_pasted_is_kept_sealed_and_never_shown_again(draft, desk, caplog):
    caplog.set_level(logging.DEBUG)
    answer = desk.post(url(draft, "connection/"), GOOD)
    assert answer.status_code == 200
    assert 'id="step-check" hx-swap-oob' in text(answer)  # it can be pressed now
    stored = connection(draft)
    assert stored.settings == {"kind": "cloud", "account": "AC12345"}
    assert SECRET not in stored.secrets
    pages = text(answer) + text(desk.get(url(draft)))
    pages += text(desk.get("/settings/kogane/inboxes/")) + text(desk.get("/audit/"))
    assert "AC12345" in pages
    assert "変更する" in pages
    assert SECRET not in pages
    entry = AuditEntry.objects.get(action="inbox.connection_changed")
    assert entry.after == {"fields": ["kind", "account", "token"]}
    assert SECRET not in caplog.text


def test_a_wrong_value_is_refused_and_its_secret_is_not_in_the_answer(draft, desk):
    answer = desk.post(url(draft, "connection/"), GOOD | {"account": "x"})
    assert answer.status_code == 422
    assert SECRET not in text(answer)
    assert connection(draft).secrets == ""


def test_an_empty_secret_keeps_the_one_there_is(filled_in, desk):
    before = connection(filled_in).secrets
    changed = GOOD | {"token": "", "account": "AC99999"}
    assert desk.post(url(filled_in, "connection/"), changed).status_code == 200
    assert connection(filled_in).secrets == before
    assert connection(filled_in).settings["account"] == "AC99999"
    assert desk.post(url(filled_in, "connection/"), changed).status_code == 200
    actions = AuditEntry.objects.filter(action="inbox.connection_changed", actor__gt=0)
    assert actions.count() == 1  # sent twice, changed once


def test_only_the_fields_of_the_chosen_kind_are_asked_for(draft, desk):
    assert 'name="host"' not in text(desk.get(url(draft)))
    typed = {"kind": "own", "account": "AC77777", "token": SECRET}
    shown = text(desk.post(url(draft, "connection/shape/"), typed))
    assert 'name="host"' in shown
    assert "AC77777" in shown
    assert SECRET not in shown
    assert desk.post(url(draft, "connection/"), typed).status_code == 422  # no host


def test_both_secrets_verify_while_one_changes_over(filled_in, desk, client):
    desk.post(url(filled_in, "connection/"), GOOD | {"token": "the-next-word"})
    assert post_event(client, filled_in, 1, secret="the-next-word").status_code == 200
    assert post_event(client, filled_in, 2, secret=SECRET).status_code == 200
    assert post_event(client, filled_in, 3, secret="forged").status_code == 403
    assert "今すぐ無効にする" in text(desk.get(url(filled_in)))
    assert desk.post(url(filled_in, "connection/earlier/")).status_code == 200
    assert post_event(client, filled_in, 4, secret=SECRET).status_code == 403
    assert post_event(client, filled_in, 5, secret="the-next-word").status_code == 200


def test_the_overlap_ends_after_a_day(filled_in, desk, client, time_machine):
    desk.post(url(filled_in, "connection/"), GOOD | {"token": "the-next-word"})
    now = timezone.now()
    time_machine.move_to(now + timezone.timedelta(hours=23))
    assert post_event(client, filled_in, 1, secret=SECRET).status_code == 200
    time_machine.move_to(now + timezone.timedelta(hours=25))
    assert post_event(client, filled_in, 2, secret=SECRET).status_code == 403


def test_the_webhook_step_waits_and_turns_green(filled_in, desk, client, settings):
    settings.PUBLIC_URL, settings.HTTPS = "https://desk.example.jp", True
    page = text(desk.get(url(filled_in)))
    assert f"https://desk.example.jp/hooks/{filled_in.key}/" in page
    assert "待っています" in page
    assert desk.get(url(filled_in, "arrival/")).status_code == 204
    post_event(client, filled_in)
    arrived = text(desk.get(url(filled_in, "arrival/")))
    assert "届いています" in arrived
    assert "every 2s" not in arrived


def test_an_address_nobody_can_reach_is_named(filled_in, desk, settings):
    assert "PUBLIC_URL" in text(desk.get(url(filled_in)))
    settings.PUBLIC_URL = "http://desk.example.jp"
    assert "https://" in text(desk.get(url(filled_in)))


def test_the_check_calls_the_provider_and_tells_what_it_says(double, filled_in, desk):
    ends = timezone.now() + timezone.timedelta(days=5)
    double.answer = Report(
        address="@kogane", name="こがね", token_expires_at=ends, findings=["Do this"]
    )
    shown = text(desk.post(url(filled_in, "check/")))
    assert "Do this" in shown
    assert "@kogane" in shown
    assert connection(filled_in).token_expires_at == ends
    assert "あと 4 日" in text(desk.get("/settings/kogane/inboxes/"))
    double.answer = Report(address="@kogane")
    assert "Do this" not in text(desk.post(url(filled_in, "check/")))


def test_a_failed_check_says_what_to_do(double, filled_in, desk):
    double.answer = SendError(
        "credentials", "invalid_grant", permanent=True, status=401
    )
    shown = text(desk.post(url(filled_in, "check/")))
    assert "invalid_grant" in shown
    assert "新しいトークンかパスワード" in shown
    assert connection(filled_in).checked_at is None
    assert "新しいトークンかパスワード" in text(desk.get("/settings/kogane/inboxes/"))
    double.answer = Report()
    desk.post(url(filled_in, "check/"))
    assert connection(filled_in).trouble == ""


def test_a_change_voids_the_check(filled_in, desk):
    desk.post(url(filled_in, "check/"))
    assert connection(filled_in).checked_at
    desk.post(url(filled_in, "connection/"), GOOD | {"account": "AC54321"})
    assert connection(filled_in).checked_at is None


def test_an_answer_about_what_was_set_before_is_not_taken(double, filled_in, desk):
    """While the provider thinks, a colleague pastes another account."""
    theirs = Client()
    theirs.cookies = desk.cookies

    def slow(_self):
        theirs.post(url(filled_in, "connection/"), GOOD | {"account": "AC54321"})
        return Report(address="of the other account")

    double.check, check = slow, double.check
    try:
        desk.post(url(filled_in, "check/"))
    finally:
        double.check = check
    assert connection(filled_in).address == ""
    assert connection(filled_in).checked_at is None


def test_nothing_is_asked_before_it_is_filled_in(double, draft, desk):
    double.answer = AssertionError("nobody may be called")
    assert desk.post(url(draft, "check/")).status_code == 200
    assert connection(draft).trouble == ""


def test_name_queue_texts_and_hours_are_kept(filled_in, queue, desk):
    data = {"name": "店舗", "queue": queue.pk, "greeting": "ようこそ", "away": "休み"}
    assert desk.post(url(filled_in, "texts/"), data).status_code == 200
    stored = Inbox.objects.get(pk=filled_in.pk)
    assert (stored.name, stored.connection.greeting) == ("店舗", "ようこそ")
    assert desk.post(url(filled_in, "texts/"), data | {"name": ""}).status_code == 422
    hours = {"opens-0": "10:00", "closes-0": "12:00"}
    assert desk.post(url(filled_in, "hours/"), hours).status_code == 200
    assert Inbox.objects.get(pk=filled_in.pk).hours == {"0": ["10:00-12:00"]}
    wrong = {"opens-0": "12:00", "closes-0": "10:00"}
    assert desk.post(url(filled_in, "hours/"), wrong).status_code == 422
    assert AuditEntry.objects.filter(action="inbox.changed").count() >= 2


def test_a_queue_of_another_account_is_not_taken(filled_in, other_account, desk):
    from tests.factories.conversations import QueueFactory  # noqa: PLC0415

    theirs = QueueFactory(account=other_account)
    data = {"name": "店舗", "queue": theirs.pk}
    assert desk.post(url(filled_in, "texts/"), data).status_code == 422


@pytest.mark.parametrize(
    "channel",
    sorted(PROVIDERS),
)
def test_every_channel_has_a_guide_in_both_languages(channel):
    from django.template.loader import render_to_string  # noqa: PLC0415
    from django.utils import translation  # noqa: PLC0415

    template = f"{channel}/guide.html"
    pages = {}
    for language in ("ja", "en"):
        with translation.override(language):
            pages[language] = render_to_string(template, {"kind": "", "webhook": ""})
    steps = {language: page.count("<li>") for language, page in pages.items()}
    assert steps["ja"] == steps["en"] > 4
    assert all(re.search("[ぁ-ん]", line) for line in pages["ja"].split("<li>")[1:])


def test_agents_are_refused_and_strangers_find_nothing(
    filled_in, agent, stranger, client_of
):
    pages = [
        *("", "state/", "partial/", "arrival/", "sandbox/", "failures/"),
    ]
    posts = ["connection/", "check/", "state/", "texts/", "hours/", "partial/"]
    posts += ["connection/shape/", "connection/field/", "connection/earlier/"]
    for member, status in ((agent, 403), (stranger, 404)):
        client = client_of(member)
        answers = [client.get(url(filled_in, page)) for page in pages]
        answers += [client.post(url(filled_in, post), GOOD) for post in posts]
        assert {answer.status_code for answer in answers} == {status}
    client = client_of(stranger)
    theirs = f"/settings/hinata/inboxes/{filled_in.pk}/"
    assert client.get(theirs).status_code == 404
    assert client.post(f"{theirs}state/", {"state": "live"}).status_code == 404
