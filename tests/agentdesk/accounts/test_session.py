"""Sessions that rest, are locked, and go on where they were."""

import time
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from channels.db import database_sync_to_async
from channels.testing import WebsocketCommunicator
from django.conf import settings
from django.db import connections

from agentdesk.accounts.actions.sign_out_everywhere import sign_out_everywhere
from agentdesk.accounts.models import Membership, Session
from agentdesk.asgi import application
from agentdesk.audit.models import AuditEntry
from tests.factories.accounts import PASSWORD, MembershipFactory

START = datetime(2026, 11, 20, 1, tzinfo=UTC)
SECRET = "JBSWY3DPEHPK3PXP"
HTMX = {"headers": {"HX-Request": "true"}}
BACKGROUND = {"headers": {"HX-Request": "true", "X-Background": "1"}}

pytestmark = pytest.mark.django_db


@pytest.fixture
def clock():
    with time_machine.travel(START, tick=False) as traveller:
        yield traveller


@pytest.fixture
def desk(agent, client_of, clock):
    return client_of(agent)


def unlock_path(desk) -> str:
    """As the page has it that lies beneath the dialog."""
    html = desk.get("/me/").content.decode()
    return html.split('data-url="/accounts/unlock/')[1].split('"')[0]


def give_totp(member: Membership) -> None:
    TOTP.activate(member.user, SECRET)


def code_now() -> str:
    return format_hotp_value(hotp_value(SECRET, int(time.time()) // 30))


def unlock(desk, query: str, **data: str):
    return desk.post(f"/accounts/unlock/{query}", data, **HTMX)


def test_resting_session_is_locked_for_fragments_and_pages(desk, clock):
    assert desk.get("/me/").status_code == 200
    clock.shift(timedelta(minutes=settings.SESSION_IDLE_MINUTES + 1))
    assert desk.get("/me/", **HTMX).status_code == 401
    assert desk.post("/me/preferences/", {"theme": "dark"}).status_code == 401
    page = desk.get("/me/")
    assert page.url == "/accounts/locked/?next=%2Fme%2F"


def test_work_keeps_a_session_awake_and_background_reads_do_not(desk, clock):
    for _hour in range(3):
        clock.shift(timedelta(minutes=settings.SESSION_IDLE_MINUTES - 1))
        assert desk.get("/me/", **HTMX).status_code == 200
    clock.shift(timedelta(minutes=settings.SESSION_IDLE_MINUTES - 1))
    assert desk.get("/me/", **BACKGROUND).status_code == 200
    clock.shift(timedelta(minutes=2))
    assert desk.get("/me/", **BACKGROUND).status_code == 401


def test_password_unlocks_over_the_page(desk, clock):
    query = unlock_path(desk)
    clock.shift(timedelta(hours=3))
    assert (
        "パスワード" in desk.get(f"/accounts/unlock/{query}", **HTMX).content.decode()
    )
    wrong = unlock(desk, query, password="not-it-at-all")
    assert wrong.status_code == 422
    assert "パスワードが正しくありません" in wrong.content.decode()
    assert desk.get("/me/", **HTMX).status_code == 401
    right = unlock(desk, query, password=PASSWORD)
    assert (right.status_code, right["HX-Trigger"]) == (204, '{"session-unlocked": {}}')
    assert desk.get("/me/", **HTMX).status_code == 200


def test_code_unlocks_instead_of_the_password(desk, agent, clock):
    give_totp(agent)
    query = unlock_path(desk)
    clock.shift(timedelta(hours=3))
    assert unlock(desk, query, code="000000").status_code == 422
    assert unlock(desk, query, code=code_now()).status_code == 204


def test_session_that_is_gone_begins_anew_for_the_same_user(desk, agent, clock):
    other = MembershipFactory(user=agent.user)
    desk.post("/accounts-switch/", {"account": other.account.slug})
    query = unlock_path(desk)
    Session.objects.all().delete()
    assert unlock(desk, query, password=PASSWORD).status_code == 204
    access = desk.get("/me/").context["access"]
    assert (access.user, access.selected) == (agent.user, other.account)


def test_another_user_s_password_is_refused(desk, agent, supervisor, clock):
    supervisor.user.set_password("another-password-2")
    supervisor.user.save()
    query = unlock_path(desk)
    Session.objects.all().delete()
    assert unlock(desk, query, password="another-password-2").status_code == 422
    assert not Session.objects.filter(user__isnull=False).exists()


def test_session_that_is_gone_asks_for_the_second_step_too(desk, agent, clock):
    give_totp(agent)
    query = unlock_path(desk)
    Session.objects.all().delete()
    assert unlock(desk, query, password=PASSWORD).status_code == 422
    assert unlock(desk, query, code=code_now()).status_code == 422
    clock.shift(timedelta(seconds=60))
    assert unlock(desk, query, password=PASSWORD, code=code_now()).status_code == 204


def test_coming_back_is_written_down(desk, agent, clock):
    query = unlock_path(desk)
    clock.shift(timedelta(hours=3))
    unlock(desk, query, password=PASSWORD)
    assert AuditEntry.objects.get(action="user.unlocked").actor == agent.user
    Session.objects.all().delete()
    unlock(desk, query, password=PASSWORD)
    assert AuditEntry.objects.get(action="user.signed_in").target_id == agent.user_id


def test_note_of_a_page_ends_after_a_day(desk, clock):
    query = unlock_path(desk)
    Session.objects.all().delete()
    clock.shift(timedelta(hours=25))
    response = unlock(desk, query, password=PASSWORD)
    assert response["HX-Redirect"] == "/accounts/login/"
    assert not Session.objects.filter(user__isnull=False).exists()


def test_forged_note_leads_to_sign_in(desk, clock):
    Session.objects.all().delete()
    response = unlock(desk, "?who=forged", password=PASSWORD)
    assert response["HX-Redirect"] == "/accounts/login/"


def test_deactivated_user_does_not_come_back(desk, agent, clock):
    query = unlock_path(desk)
    agent.user.is_active = False
    agent.user.save()
    response = unlock(desk, query, password=PASSWORD)
    assert response["HX-Redirect"] == "/accounts/login/"


def test_guessing_at_the_lock_is_limited(desk, clock):
    query = unlock_path(desk)
    clock.shift(timedelta(hours=3))
    for _try in range(5):
        unlock(desk, query, password="not-it-at-all")
    response = unlock(desk, query, password=PASSWORD)
    assert response.status_code == 422
    assert "数分待って" in response.content.decode()


def test_unlocked_in_another_tab_asks_nothing(desk, clock):
    query = unlock_path(desk)
    response = desk.get(f"/accounts/unlock/{query}", **HTMX)
    assert response["HX-Trigger"] == '{"session-unlocked": {}}'


def test_lock_page_leads_back_to_where_one_was(desk, clock):
    clock.shift(timedelta(hours=3))
    address = desk.get("/me/sessions/").url
    assert "パスワード" in desk.get(address).content.decode()
    data = {"password": PASSWORD, "next": "/me/sessions/"}
    assert desk.post("/accounts/locked/", data).url == "/me/sessions/"
    data["next"] = "https://elsewhere.example/"
    assert desk.post("/accounts/locked/", data).url == "/"


def test_own_devices_are_listed(desk, agent, client_of):
    client_of(agent)
    assert len(desk.get("/me/sessions/").context["devices"]) == 2


def test_profile_changes_with_an_audit_entry_and_refuses_nonsense(desk, agent):
    data = {
        "family_name": "鈴木",
        "given_name": "あかり",
        "language": "en",
        "time_zone": "Europe/Berlin",
        "theme": "dark",
        "density": "compact",
        "sounds": "on",
    }
    assert desk.post("/me/", data).status_code == 302
    assert "Your settings" in desk.get("/me/").content.decode()
    entry = AuditEntry.objects.get(action="user.edited")
    assert entry.after["time_zone"] == "Europe/Berlin"
    assert desk.post("/me/", data | {"time_zone": "Mars/Base"}).status_code == 422
    assert desk.post("/me/", data | {"family_name": "\x00"}).status_code == 422


def test_switch_of_the_menu_changes_only_itself(desk, agent):
    assert desk.post("/me/preferences/", {"sounds": "off"}).status_code == 204
    agent.user.refresh_from_db()
    assert (agent.user.sounds, agent.user.theme) == (False, "auto")
    assert desk.post("/me/preferences/", {"theme": "pink"}).status_code == 422


async def socket_of(client) -> WebsocketCommunicator:
    cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
    headers = [
        (b"cookie", f"{settings.SESSION_COOKIE_NAME}={cookie}".encode()),
        (b"origin", b"http://localhost"),
        (b"host", b"localhost"),
    ]
    socket = WebsocketCommunicator(application, "/ws/desk/", headers=headers)
    assert (await socket.connect())[0]
    return socket


@pytest.mark.django_db(transaction=True)
async def test_sign_out_everywhere_closes_open_sockets(agent, client_of):
    client = await database_sync_to_async(client_of)(agent)
    socket = await socket_of(client)
    await socket.send_json_to({"do": "ping"})
    assert (await socket.receive_json_from(5))["kind"] == "pong"
    await database_sync_to_async(sign_out_everywhere)(agent.user, actor=agent.user)
    assert await socket.receive_output(5) == {
        "type": "websocket.close",
        "code": 4401,
    }
    await database_sync_to_async(connections.close_all)()


@pytest.mark.django_db(transaction=True)
async def test_a_socket_that_never_stops_talking_is_closed(agent, client_of):
    client = await database_sync_to_async(client_of)(agent)
    socket = await socket_of(client)
    for _frame in range(1_000):
        await socket.send_json_to({"do": "ping"})
    frame = await socket.receive_output(5)
    while frame["type"] == "websocket.send":
        frame = await socket.receive_output(5)
    assert frame == {"type": "websocket.close", "code": 4429}
    await database_sync_to_async(connections.close_all)()


@pytest.mark.django_db(transaction=True)
async def test_a_locked_session_opens_no_socket(agent, client_of):
    client = await database_sync_to_async(client_of)(agent)
    await database_sync_to_async(_rest)(client)
    socket = await socket_of(client)
    assert await socket.receive_output(5) == {
        "type": "websocket.close",
        "code": 4401,
    }
    await database_sync_to_async(connections.close_all)()


@pytest.mark.django_db(transaction=True)
async def test_a_session_locked_since_hears_of_nothing_new(agent, client_of):
    client = await database_sync_to_async(client_of)(agent)
    socket = await socket_of(client)
    await database_sync_to_async(_rest)(client)
    await socket.send_json_to({"do": "watch", "topics": []})
    assert await socket.receive_output(5) == {
        "type": "websocket.close",
        "code": 4401,
    }
    await database_sync_to_async(connections.close_all)()


def _rest(client) -> None:
    session = client.session
    session["active_at"] = time.time() - settings.SESSION_IDLE_MINUTES * 60 - 1
    session.save()
