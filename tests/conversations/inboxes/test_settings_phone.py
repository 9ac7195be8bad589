import hashlib
import json
import re
from uuid import uuid4

import pytest

from agentdesk.audit.models import AuditEntry
from conversations.choices import Channel
from conversations.models import Inbox, InboxApiKey, ProviderEvent

URL = "/settings/kogane/phones/"


@pytest.fixture
def phone(account, queue) -> Inbox:
    return Inbox.objects.create(
        account=account, queue=queue, channel=Channel.PHONE, name="代表電話"
    )


def key_on(page: str) -> str:
    found = re.search(r'id="new-api-key"[^>]*>([^<]+)<', page)
    return found[1] if found else ""


def test_a_key_is_shown_once_and_opens_the_api(admin, phone, client, client_of):
    desk = client_of(admin)
    response = desk.post(f"{URL}{phone.pk}/keys/", {"client_id": uuid4()})
    key = key_on(response.content.decode())
    assert response.headers["Cache-Control"] == "no-store"
    assert f"Bearer {key}" in response.content.decode()
    row = InboxApiKey.objects.get(inbox=phone)
    assert row.key_hash == hashlib.sha256(key.encode()).hexdigest()
    page = desk.get(URL).content.decode()
    assert key not in page
    assert row.prefix in page

    def ring(call: str) -> int:
        return client.post(
            "/api/v1/calls/events",
            json.dumps({"call_id": call, "type": "ringing", "from": "0312345678"}),
            content_type="application/json",
            headers={"Authorization": f"Bearer {key}"},
        ).status_code

    assert ring("first") == 202
    for _time in range(2):
        desk.post(f"{URL}{phone.pk}/keys/{row.pk}/revoke/")
    assert ring("second") == 401
    assert ProviderEvent.objects.filter(inbox=phone).count() == 1
    actions = AuditEntry.objects.filter(action__startswith="api_key.").order_by("pk")
    assert [entry.action for entry in actions] == [
        "api_key.created",
        "api_key.revoked",
    ]
    assert key not in str([(entry.before, entry.after) for entry in actions])


def test_a_form_sent_twice_makes_one_key(admin, phone, client_of):
    client = client_of(admin)
    data = {"client_id": uuid4()}
    assert client.post(f"{URL}{phone.pk}/keys/", data).status_code == 200
    again = client.post(f"{URL}{phone.pk}/keys/", data)
    assert again.status_code == 409
    assert key_on(again.content.decode()) == ""
    assert InboxApiKey.objects.count() == 1


def test_keys_overlap_but_not_without_end(admin, phone, client_of):
    client = client_of(admin)
    for _time in range(5):
        client.post(f"{URL}{phone.pk}/keys/", {"client_id": uuid4()})
    assert InboxApiKey.objects.filter(revoked_at=None).count() == 5
    for bad in (uuid4(), "", "x"):
        refused = client.post(f"{URL}{phone.pk}/keys/", {"client_id": bad})
        assert refused.status_code == 409
    assert InboxApiKey.objects.count() == 5


def test_a_phone_inbox_is_renamed_switched_off_and_added(
    admin, phone, queue, client_of
):
    client = client_of(admin)
    queue.is_default = True
    queue.save(update_fields=["is_default"])
    assert client.post(f"{URL}{phone.pk}/", {"name": "夜間電話"}).status_code == 200
    phone.refresh_from_db()
    assert (phone.name, phone.is_active) == ("夜間電話", True)
    state = f"/settings/kogane/inboxes/{phone.pk}/state/"
    assert client.post(state, {"state": "stopped"}).status_code == 200
    phone.refresh_from_db()
    assert not phone.is_active
    assert client.post(f"{URL}{phone.pk}/", {"name": ""}).status_code == 422
    response = client.post(f"{URL}new/", {"name": "通販電話"})
    assert "通販電話" in response.content.decode()
    assert client.post(f"{URL}new/", {"name": "通販電話"}).status_code == 422
    assert Inbox.objects.filter(channel=Channel.PHONE).count() == 2


def test_members_exchange_their_extensions(admin, agent, client_of):
    client = client_of(admin)
    url = "/settings/kogane/extensions/"

    def give(**extensions):
        members = {"admin": admin, "agent": agent}
        data = {
            f"extension-{members[name].pk}": value for name, value in extensions.items()
        }
        return client.post(url, data)

    assert give(admin="201", agent="２０２").status_code == 200
    assert give(admin="202", agent="201").status_code == 200
    admin.refresh_from_db()
    agent.refresh_from_db()
    assert (admin.extension, agent.extension) == ("202", "201")
    refused = give(admin="201", agent="201")
    assert refused.status_code == 422
    assert refused.content.decode().count('aria-invalid="true"') == 2
    for bad in ("<b>", "1" * 21, "内線"):
        assert give(admin=bad).status_code == 422
    changed = AuditEntry.objects.filter(action="member.extension_changed")
    assert changed.count() == 4


def test_an_extension_of_a_deactivated_member_is_still_taken(admin, agent, client_of):
    agent.extension, agent.is_active = "201", False
    agent.save(update_fields=["extension", "is_active"])
    data = {f"extension-{admin.pk}": "201", f"extension-{agent.pk}": ""}
    response = client_of(admin).post("/settings/kogane/extensions/", data)
    assert response.status_code == 422
    agent.refresh_from_db()
    assert agent.extension == "201"


def test_phones_are_walled_off(agent, stranger, phone, client_of):
    key = InboxApiKey.objects.create(inbox=phone, prefix="adk_x", key_hash="x")
    posts = [f"{URL}{phone.pk}/", f"{URL}new/", f"{URL}{phone.pk}/keys/"]
    posts += [f"{URL}{phone.pk}/keys/{key.pk}/revoke/", "/settings/kogane/extensions/"]
    for member, status in ((agent, 403), (stranger, 404)):
        client = client_of(member)
        assert client.get(URL).status_code == status
        for url in posts:
            data = {"name": "x", "client_id": uuid4()}
            assert client.post(url, data).status_code == status
    theirs = f"/settings/hinata/phones/{phone.pk}/keys/{key.pk}/revoke/"
    assert client_of(stranger).post(theirs).status_code == 404
    agents = "/settings/hinata/extensions/"
    client_of(stranger).post(agents, {f"extension-{agent.pk}": "666"})
    agent.refresh_from_db()
    assert agent.extension == ""
