import re

import pytest

from agentdesk import crypto as credentials
from agentdesk.audit.models import AuditEntry
from conversations.models import Inbox, WebChatSettings

LIST = "/settings/kogane/webchats/"


@pytest.fixture
def url(webchat: Inbox) -> str:
    return f"{LIST}{webchat.pk}/"


def typed(**changes):
    return {
        "name": "オンラインショップ",
        "colour": "teal",
        "title_ja": "こがね洋品店",
        "title_en": "Kogane",
        "greeting_ja": "いらっしゃいませ",
        "greeting_en": "Hello",
        "away_ja": "",
        "away_en": "",
        "allowed_origins": "https://www.kogane.example",
        "show_pickup": "on",
    } | changes


def test_a_web_chat_is_created_with_default_texts_and_opens(admin, queue, client_of):
    client = client_of(admin)
    queue.is_default = True
    queue.save(update_fields=["is_default"])
    response = client.post(LIST, {"name": "店舗サイト"})
    inbox = Inbox.objects.get(name="店舗サイト")
    assert response.headers["HX-Redirect"] == f"{LIST}{inbox.pk}/"
    assert inbox.webchat.greeting_ja
    assert client.post(LIST, {"name": "店舗サイト"}).status_code == 422
    assert client.post(LIST, {"name": ""}).status_code == 422
    assert AuditEntry.objects.get(action="inbox.created").target_id == inbox.pk
    page = client.get(f"{LIST}{inbox.pk}/").content.decode()
    assert f"/chat/{inbox.key}.js" in page
    assert f'src="/chat/{inbox.key}/preview/"' in page
    assert "店舗サイト" in client.get(LIST).content.decode()


def test_what_is_typed_is_kept_and_told_in_the_audit_log(
    admin, webchat, url, client_of
):
    data = typed(ask_before="on", ask_email="on")
    assert client_of(admin).post(url, data).status_code == 200
    chat = WebChatSettings.objects.get(inbox=webchat)
    assert (chat.colour, chat.greeting_ja) == ("teal", "いらっしゃいませ")
    assert chat.ask_before
    assert (chat.ask_email, chat.ask_name) == (True, False)
    entry = AuditEntry.objects.get(action="webchat.changed")
    assert entry.account_id == webchat.account_id
    assert entry.after["allowed_origins"] == ["https://www.kogane.example"]
    renamed = AuditEntry.objects.get(action="inbox.changed")
    assert renamed.after == {"name": "オンラインショップ"}


def test_a_chat_that_is_switched_off_is_gone_from_its_sites(
    admin, webchat, url, client, client_of
):
    assert client.get(f"/chat/{webchat.key}.js").status_code == 200
    state = f"/settings/kogane/inboxes/{webchat.pk}/state/"
    assert client_of(admin).post(state, {"state": "stopped"}).status_code == 200
    assert client.get(f"/chat/{webchat.key}.js").status_code == 404


@pytest.mark.parametrize(
    ("lines", "stored"),
    [
        ("HTTPS://WWW.Kogane.example/", ["https://www.kogane.example"]),
        (
            "https://a.example:443\nhttp://a.example:80",
            ["https://a.example", "http://a.example"],
        ),
        ("http://localhost:8080\n\n http://localhost:8080 ", ["http://localhost:8080"]),
        ("https://お店.example", ["https://xn--t8jz70l.example"]),
        ("ｈｔｔｐｓ：／／ａ．ｅｘａｍｐｌｅ", ["https://a.example"]),
        ("http://[::1]:8000", ["http://[::1]:8000"]),
        ("", []),
    ],
)
def test_sites_are_kept_as_browsers_spell_them(
    lines, stored, admin, webchat, url, client_of
):
    data = typed(allowed_origins=lines)
    assert client_of(admin).post(url, data).status_code == 200
    assert WebChatSettings.objects.get(inbox=webchat).allowed_origins == stored


def test_pages_within_an_app_may_be_allowed(admin, webchat, url, client_of):
    data = typed(allow_null_origin="on", allowed_origins="capacitor://localhost")
    assert client_of(admin).post(url, data).status_code == 200
    chat = WebChatSettings.objects.get(inbox=webchat)
    assert chat.allow_null_origin
    assert chat.allowed_origins == ["capacitor://localhost"]
    entry = AuditEntry.objects.get(action="webchat.changed")
    assert entry.after["allow_null_origin"] is True
    assert client_of(admin).post(url, typed()).status_code == 200
    assert not WebChatSettings.objects.get(inbox=webchat).allow_null_origin


def test_the_page_says_what_a_strict_site_has_to_allow(admin, url, client_of):
    page = client_of(admin).get(url).content.decode()
    address = "http://testserver"
    assert f"script-src {address}; connect-src {address} ws://testserver" in page


@pytest.mark.parametrize(
    "line",
    [
        "app://localhost",
        "capacitor://shop.example",
        "www.example.jp",
        "ftp://example.jp",
        "javascript:alert(1)",
        "https://example.jp/shop",
        "https://example.jp?x=1",
        "https://user:pass@example.jp",
        "https://*.example.jp",
        "https://",
        "https://intranet",
        "https://-bad-.example",
        "https://example.jp:99999",
        "https://[::1",
        "https://exa mple.jp",
        "https://" + "a" * 70 + ".example",
        "*",
        "null",
    ],
)
def test_a_line_that_is_no_site_is_named_by_its_number(
    line, admin, webchat, url, client_of
):
    data = typed(allowed_origins=f"https://ok.example\n{line}")
    response = client_of(admin).post(url, data)
    assert response.status_code == 422
    assert "2行目" in response.content.decode()
    assert WebChatSettings.objects.get(inbox=webchat).colour != "teal"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("colour", "mauve"),
        ("title_ja", "あ" * 61),
        ("greeting_en", "x" * 501),
        ("ask_before", "on"),
        ("allowed_origins", "\n".join(f"https://a{n}.example" for n in range(51))),
        ("allowed_origins", "https://a.example\n" * 10_000),
    ],
)
def test_what_cannot_be_is_refused(field, value, admin, url, client_of):
    response = client_of(admin).post(url, typed(**{field: value}))
    assert response.status_code == 422
    assert not AuditEntry.objects.filter(action="webchat.changed").exists()


def secret_on(page: str) -> str:
    found = re.search(r'id="identity-secret"[^>]*>([^<]+)<', page)
    return found[1] if found else ""


def version_on(page: str) -> str:
    found = re.search(r'name="version" value="([^"]+)"', page)
    assert found
    return found[1]


def test_the_identity_secret_is_shown_once_and_sealed(admin, webchat, url, client_of):
    client = client_of(admin)
    version = version_on(client.get(url).content.decode())
    response = client.post(f"{url}secret/", {"version": version})
    secret = secret_on(response.content.decode())
    assert len(secret) > 40
    assert response.headers["Cache-Control"] == "no-store"
    sealed = WebChatSettings.objects.get(inbox=webchat).identity_secret
    assert secret not in sealed
    assert credentials.unseal(sealed) == secret
    assert secret not in client.get(url).content.decode()
    entry = AuditEntry.objects.get(action="webchat.secret_rotated")
    assert (entry.before, entry.after) == ({}, {})


def test_asking_twice_for_a_new_secret_renews_it_once(admin, webchat, url, client_of):
    client = client_of(admin)
    version = version_on(client.get(url).content.decode())
    client.post(f"{url}secret/", {"version": version})
    sealed = WebChatSettings.objects.get(inbox=webchat).identity_secret
    again = client.post(f"{url}secret/", {"version": version})
    assert again.status_code == 409
    assert secret_on(again.content.decode()) == ""
    assert WebChatSettings.objects.get(inbox=webchat).identity_secret == sealed
    renewed = version_on(again.content.decode())
    assert client.post(f"{url}secret/", {"version": renewed}).status_code == 200
    assert WebChatSettings.objects.get(inbox=webchat).identity_secret != sealed


def test_web_chats_are_walled_off(agent, stranger, webchat, url, client_of):
    for member, status in ((agent, 403), (stranger, 404)):
        client = client_of(member)
        assert client.get(LIST).status_code == status
        assert client.get(url).status_code == status
        assert client.post(LIST, {"name": "x"}).status_code == status
        assert client.post(url, typed()).status_code == status
        assert client.post(f"{url}secret/", {"version": "none"}).status_code == status
    theirs = f"/settings/hinata/webchats/{webchat.pk}/"
    for each in (theirs, f"{theirs}secret/"):
        answer = client_of(stranger).post(each, typed(version="none"))
        assert answer.status_code == 404
    assert WebChatSettings.objects.get(inbox=webchat).identity_secret == ""
