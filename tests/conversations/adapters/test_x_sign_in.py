"""X lets us in by its own page: nobody pastes a token."""

from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest

from agentdesk.audit.models import AuditEntry
from conversations.adapters.registry import ADAPTERS
from conversations.models import InboxConnection, Message
from tests.conversations.providers.x import CUSTOMER
from tests.conversations.x import fresh, reply, secrets_of, set_secrets

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def unsigned(x_inbox, x):
    """Filled in, and not signed in yet."""
    set_secrets(x_inbox, refresh_token="", access_token="")
    return x_inbox


def page_of(inbox) -> str:
    return f"/settings/{inbox.account.slug}/inboxes/{inbox.pk}/"


def leave(desk, inbox) -> str:
    """Press the button: the address of X's page."""
    path = f"/settings/{inbox.account.slug}/mailboxes/{inbox.pk}/sign-in/"
    assert path in desk.get(page_of(inbox)).content.decode()
    return desk.get(path)["Location"]


def agree(address) -> str:
    """On X's page: where it sends the browser back to."""
    with httpx2.Client() as browser:
        answer = browser.get(address)
    assert answer.status_code == 303
    back = urlsplit(answer.headers["Location"])
    return f"{back.path}?{back.query}"


def test_an_admin_signs_in_at_x_and_the_first_reply_leaves(
    unsigned, x, admin, agent, client_of
):
    desk = client_of(admin)
    assert "まだ誰も" in desk.get(page_of(unsigned)).content.decode()
    address = leave(desk, unsigned)
    query = parse_qs(urlsplit(address).query)
    assert set(query["scope"][0].split()) == {
        *("dm.read", "dm.write", "tweet.read", "users.read"),
        *("media.write", "offline.access"),
    }
    back = agree(address)
    answer = desk.get(back)
    assert answer["Location"] == page_of(unsigned)
    page = desk.get(answer["Location"]).content.decode()
    assert "サインインしました" in page
    secrets = secrets_of(unsigned)
    assert secrets["access_token"] in x.access_tokens
    assert secrets["refresh_token"] not in page
    assert AuditEntry.objects.filter(action="inbox.signed_in").exists()
    x.write(fresh(unsigned), CUSTOMER, "text", "在庫は？")
    assert reply(agent).state == "sent"
    assert x.exchanges == 1  # the code's; the token it gave is still good


def test_who_signs_in_as_another_account_hears_that_one(unsigned, x, admin, client_of):
    """Events say whose they are, and the last check was about the account before."""
    InboxConnection.objects.filter(pk=unsigned.pk).update(facts={"user_id": "12"})
    x.write(fresh(unsigned), CUSTOMER, "text", "まだです")
    assert not Message.objects.filter(kind="text").exists()
    desk = client_of(admin)
    desk.get(agree(leave(desk, unsigned)))
    x.write(fresh(unsigned), CUSTOMER, "text", "在庫は？")
    assert Message.objects.get(kind="text").body == "在庫は？"


def test_its_tokens_renew_themselves_from_then_on(unsigned, x, admin, agent, client_of):
    desk = client_of(admin)
    desk.get(agree(leave(desk, unsigned)))
    first = secrets_of(unsigned)["refresh_token"]
    set_secrets(unsigned, access_token_until="2020-01-01T00:00:00+00:00")
    x.write(fresh(unsigned), CUSTOMER, "text", "在庫は？")
    assert reply(agent).state == "sent"
    assert secrets_of(unsigned)["refresh_token"] != first


def test_a_code_that_somebody_else_left_for_is_worth_nothing(
    unsigned, x, admin, client_of
):
    """The proof (PKCE) is in the session of who left."""
    desk = client_of(admin)
    theirs = parse_qs(urlsplit(agree(leave(desk, unsigned))).query)["code"][0]
    mine = parse_qs(urlsplit(leave(desk, unsigned)).query)["state"][0]
    back = f"/settings/mailboxes/signed-in/?state={mine}&code={theirs}"
    page = desk.get(back, follow=True).content.decode()
    assert "Value passed for the token was invalid." in page
    assert not secrets_of(unsigned)["refresh_token"]


def test_before_the_sign_in_a_check_says_what_is_missing(unsigned, x, admin, client_of):
    desk = client_of(admin)
    desk.post(f"{page_of(unsigned)}check/")
    assert "not signed in yet" in desk.get(page_of(unsigned)).content.decode()


def test_nobody_is_asked_to_paste_a_token(x_inbox, admin, client_of):
    assert "refresh_token" not in {one.name for one in ADAPTERS["x"].fields}
    page = client_of(admin).get(page_of(x_inbox)).content.decode()
    assert 'name="refresh_token"' not in page


def test_only_an_admin_of_the_company_signs_in(x_inbox, agent, stranger, client_of):
    path = f"/settings/{x_inbox.account.slug}/mailboxes/{x_inbox.pk}/sign-in/"
    assert client_of(agent).get(path).status_code == 403
    assert client_of(stranger).get(path).status_code == 404
