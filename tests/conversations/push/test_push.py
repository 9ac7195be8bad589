"""What concerns a member reaches their devices, and says there no more than it may."""

import socket
from collections.abc import Callable, Iterator
from uuid import uuid4

import pytest
from django.test import Client

from agentdesk import http_client
from agentdesk.accounts.models import PushSubscription, Session
from agentdesk.live import presence
from agentdesk.web_push import public_key
from conversations.choices import Channel
from conversations.inquiries.actions.inquiry import take
from conversations.inquiries.actions.mark_read import mark_read
from conversations.models import Inquiry, Notification
from conversations.push import send
from conversations.push.tasks import push_notification
from tests.push_service import Device, PushService, push_service
from tests.receiving import receive_message

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def _service(tmp_path_factory) -> Iterator[PushService]:
    with push_service(tmp_path_factory.mktemp("push")) as service:
        yield service


@pytest.fixture
def service(_service, settings, monkeypatch) -> PushService:
    settings.ALLOW_PRIVATE_ADDRESSES = True  # it stands on loopback
    monkeypatch.setattr(http_client, "_trusted", lambda: _service.trusted)
    _service.requests.clear()
    _service.status = 201
    return _service


@pytest.fixture
def browser(agent, client_of) -> Client:
    return client_of(agent)


@pytest.fixture
def device(service, browser) -> Device:
    device = service.device()
    assert browser.post("/me/push/", device.form).status_code == 204
    return device


@pytest.fixture
def writes(
    conversation, webchat, agent, django_capture_on_commit_callbacks
) -> Callable[..., None]:
    """The customer writes in an inquiry that is the agent's."""

    def one(body="サイズを交換したいです") -> None:
        with django_capture_on_commit_callbacks(execute=True):
            receive_message(
                conversation.customer,
                inbox=webchat,
                channel=Channel.WEBCHAT,
                body=body,
                client_id=uuid4(),
            )

    one("こんにちは")
    take(Inquiry.objects.get(conversation=conversation), member=agent, seen_owner=0)
    return one


def test_a_message_in_ones_inquiry_says_the_company_and_nothing_of_the_customer(
    writes, device, service, account, conversation
):
    writes()
    (request,) = service.requests
    content = device.opened(request.data)
    notification = Notification.objects.get(kind="message")
    assert content == {
        "title": account.name,
        "body": "担当の問い合わせに新着",
        "url": f"/notifications/{notification.pk}/",
        "tag": f"notification-{notification.pk}",
    }
    assert conversation.customer.family_name not in str(content)
    assert request.headers["Content-Encoding"] == "aes128gcm"
    assert int(request.headers["TTL"]) > 0
    assert service.claims()["sub"].startswith(("mailto:", "https://"))


def test_who_and_what_is_said_where_the_member_wants_it_in_their_language(
    writes, device, service, agent, conversation
):
    agent.user.push_details, agent.user.language = True, "en"
    agent.user.save(update_fields=["push_details", "language"])
    writes("間に\nあいますか" + "！" * 300)
    content = device.opened(service.requests[0].data)
    assert conversation.customer.family_name in content["title"]
    assert "New message in your inquiry" in content["body"]
    assert "間に あいますか" in content["body"]
    assert len(content["body"]) < 200


def test_it_leads_to_the_conversation(writes, device, service, browser, conversation):
    writes()
    url = device.opened(service.requests[0].data)["url"]
    assert browser.get(url).url == f"/conversations/{conversation.pk}/"


def test_who_looks_at_the_conversation_is_not_called(
    writes, device, service, agent, monkeypatch
):
    looking = {presence.Present(agent.user_id, is_writing=False)}
    monkeypatch.setattr(send, "present_at", lambda _topic: looking)
    writes()
    assert service.requests == []


def test_what_was_seen_meanwhile_is_not_sent(
    writes, service, agent, conversation, browser
):
    writes()
    browser.post("/me/push/", service.device().form)
    mark_read(conversation, member=agent)
    push_notification(Notification.objects.get().pk)
    assert service.requests == []


@pytest.mark.parametrize("status", [404, 410])
def test_a_device_that_is_gone_is_forgotten(writes, device, service, status):
    service.status = status
    writes()
    assert not PushSubscription.objects.exists()


@pytest.mark.parametrize("status", [429, 500])
def test_a_refusal_forgets_no_device_and_hurts_nobody(writes, device, service, status):
    service.status = status
    writes()
    assert PushSubscription.objects.count() == 1


def test_signing_out_of_that_browser_ends_it(writes, device, service, browser):
    browser.post("/accounts/logout/")
    assert not PushSubscription.objects.exists()
    writes()
    assert service.requests == []


def test_signing_out_everywhere_ends_all(service, agent, client_of):
    first, second = client_of(agent), client_of(agent)
    first.post("/me/push/", service.device("one").form)
    second.post("/me/push/", service.device("two").form)
    assert PushSubscription.objects.count() == 2
    first.post("/me/sign-out-everywhere/")
    assert not PushSubscription.objects.exists()


def test_a_session_that_has_run_out_is_told_nothing(writes, device, service):
    Session.objects.update(expire_date="2020-01-01T00:00Z")
    writes()
    assert service.requests == []


def test_a_member_who_has_left_is_told_nothing(writes, device, service, agent):
    agent.is_active = False
    agent.save(update_fields=["is_active"])
    writes()
    assert service.requests == []


def test_a_browser_that_says_it_again_has_one_place_and_belongs_to_who_is_there(
    service, browser, supervisor, client_of
):
    device = service.device()
    for _turn in range(2):
        browser.post("/me/push/", device.form)
    assert PushSubscription.objects.count() == 1
    client_of(supervisor).post("/me/push/", device.form)
    assert PushSubscription.objects.get().user == supervisor.user
    browser.post("/me/push/off/", {"endpoint": device.endpoint})  # no longer theirs
    assert PushSubscription.objects.count() == 1
    client_of(supervisor).post("/me/push/off/", {"endpoint": device.endpoint})
    assert not PushSubscription.objects.exists()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("endpoint", "http://push.example.com/1"),
        ("endpoint", "https://push.example.com:8443/1"),
        ("endpoint", "https://user:secret@push.example.com/1"),
        ("endpoint", "file:///etc/passwd"),
        ("endpoint", "https://[broken/"),
        ("p256dh", "AAAA"),
        ("auth", "not base64!"),
    ],
)
def test_what_is_no_push_service_or_no_key_is_refused(browser, field, value):
    form = Device("https://push.example.com/1").form | {field: value}
    assert browser.post("/me/push/", form).status_code == 422
    assert not PushSubscription.objects.exists()


def test_an_address_within_is_never_called(writes, device, service, settings):
    settings.ALLOW_PRIVATE_ADDRESSES = False
    writes()
    assert service.requests == []
    assert not PushSubscription.objects.exists()


def test_a_name_that_leads_within_is_never_called(
    writes, browser, service, settings, monkeypatch
):
    settings.ALLOW_PRIVATE_ADDRESSES = False
    port = service.server.port
    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_args, **_more: found)
    browser.post("/me/push/", Device("https://push.example.com/push/one").form)
    assert PushSubscription.objects.count() == 1
    writes()
    assert service.requests == []
    assert not PushSubscription.objects.exists()


def test_the_profile_carries_the_key_that_a_browser_subscribes_with(browser):
    page = browser.get("/me/").content.decode()
    assert f'data-key="{public_key()}"' in page
    assert "ホーム画面に追加" in page
