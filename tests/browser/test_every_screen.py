"""Every screen in both themes: nothing that axe objects to, nothing off to the side."""

import re
from collections.abc import Callable, Iterable
from typing import Any

import pytest
import redis
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.urls import Resolver404, resolve
from playwright.sync_api import Page, Route, expect

from agentdesk.accounts.access import access_of
from agentdesk.accounts.actions.invite import invite
from agentdesk.accounts.actions.vouch import issue_reset_link
from agentdesk.accounts.models import Session, User
from agentdesk.accounts.roles import Role
from agentdesk.accounts.sessions import SessionStore
from agentdesk.accounts.setup import setup_link
from customers.models import OrderLine
from tests.browser.axe import look
from tests.browser.conftest import outside
from tests.browser.screens import (
    ALL,
    BEHIND_LINKS,
    DESK,
    FIRST_RUN,
    NO_PAGES,
    NOBODY,
    NOT_OURS,
    OWN,
    SETTINGS,
    SHOP,
    SHOP_FORM,
    Screen,
)
from tests.factories.accounts import PASSWORD, MembershipFactory
from tests.routes import address_of, plain_routes, values
from tests.rows import one_of_everything

APP_SECRET = "JBSWY3DPEHPK3PXP"
Happening = Callable[[Page], Any]


def walk(
    page: Page,
    screens: Iterable[Screen],
    names: dict[str, Any],
    happenings: dict[str, Happening] | None = None,
    *,
    colours: bool = True,
) -> None:
    found: list[tuple[str, ...]] = []
    for screen in screens:
        if screen.path:
            page.goto(screen.path.format(**names))
        else:
            page.keyboard.press("Escape")
            expect(page.locator("dialog[open], .menu:popover-open")).to_have_count(0)
        for step in screen.do:
            act(page, step.format(**names), happenings or {})
        expect(page.locator(f"{screen.see} >> visible=true").first).to_be_visible()
        found += look(page, " ".join((screen.path, *screen.do)), colours=colours)
    assert found == []


def act(page: Page, step: str, happenings: dict[str, Happening]) -> None:
    if step.startswith("!"):
        happenings[step[1:]](page)
    elif re.fullmatch(r".|Control\+.", step):
        page.keyboard.press(step)
    else:
        page.locator(step).first.click()


@pytest.fixture
def rows(account, agent, webchat) -> dict[str, Any]:
    found = outside(lambda: one_of_everything(account, agent, webchat))
    OrderLine.objects.create(
        account=account,
        order=found["customers/orders"],
        position=1,
        name="ウールニット",
        unit_price=9_900,
    )
    return found


@pytest.fixture
def names(rows, agent, webchat) -> dict[str, Any]:
    return {
        "conversation": rows["conversations"].pk,
        "customer": rows["customers"].pk,
        "webchat": webchat.pk,
        "inbox": rows["settings/<slug:slug>/inboxes"].pk,
        "event": rows["settings/<slug:slug>/quarantine"].pk,
        "webchat_key": webchat.key,
        "member": agent.pk,
        "template": rows["settings/<slug:slug>/templates"].pk,
    }


def second_step(user: User) -> int:
    """An app and a passkey of the user's; the number of the passkey."""
    TOTP.activate(user, APP_SECRET)
    RecoveryCodes.activate(user)
    stored = {"name": "指紋", "credential": {}}
    passkey = Authenticator.objects.create(user=user, type="webauthn", data=stored)
    return passkey.pk


def rest(page: Page, user: User) -> None:
    """As if the user had been away for a day, once the page is done with what it asks."""
    page.wait_for_load_state("networkidle")
    for row in Session.objects.filter(user=user):
        session = SessionStore(row.session_key)
        session["active_at"] -= 24 * 3600
        session.save()


def sign_in(page: Page, user: User) -> None:
    page.locator("[name=login]").fill(user.email)
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("form:has([name=password]) [type=submit]").click()


def test_the_desk(signed_in, agent, other_account, names):
    MembershipFactory(user=agent.user, account=other_account)
    MembershipFactory(account=agent.account)  # to be mentioned
    page = signed_in(agent)
    walk(page, DESK, names, {"rest": lambda page: rest(page, agent.user)})


def test_the_pages_of_ones_own_account(window, agent, queue):
    page = window().new_page()
    page.goto("/accounts/login/?next=/me/")
    sign_in(page, agent.user)
    page.wait_for_url("**/me/")
    names: dict[str, Any] = {}
    happenings = {
        "second step": lambda _page: names.update(passkey=second_step(agent.user))
    }
    walk(page, OWN, names, happenings)


def _fail(route: Route) -> None:
    """The pages for failures, which nobody can bring about at will."""
    request = RequestFactory().get("/")
    request.user = AnonymousUser()
    status = int(route.request.url.split("/")[-2])
    body = render_to_string(f"{status}.html", {}, request)
    route.fulfill(status=status, body=body, content_type="text/html")


@pytest.fixture
def mailing(settings) -> None:
    settings.EMAIL_URL = "smtp://127.0.0.1:9"


def test_what_one_sees_before_signing_in(
    live_server, window, agent, admin, account, queue, mailing
):
    _row, token = invite(account, actor=admin.user, role=Role.AGENT)
    names = {
        "invitation": f"/invitation/{token}/",
        "reset_link": issue_reset_link(agent, access=access_of(admin.user)),
    }
    page = window(base_url=live_server.url).new_page()
    page.route("**/failures/*/", _fail)
    happenings: dict[str, Happening] = {
        "app": lambda _page: TOTP.activate(agent.user, APP_SECRET),
        "password": lambda page: sign_in(page, agent.user),
    }
    walk(page, NOBODY, names, happenings)


def test_the_first_run(db, window):
    walk(window().new_page(), FIRST_RUN, {"setup_link": setup_link()})


@pytest.mark.parametrize("language", ["ja", "en"])
def test_the_settings(signed_in, admin, names, language):
    User.objects.filter(pk=admin.user_id).update(language=language)
    walk(signed_in(admin), SETTINGS, names, colours=language == "ja")


@pytest.mark.parametrize("width", [1366, 390])
def test_the_shop_and_its_chat(window, account, webchat, width):
    account.closed_on_holidays = False
    account.save(update_fields=["closed_on_holidays"])
    key = f"agentdesk:staffed:{account.pk}"
    store = redis.Redis.from_url(settings.REDIS_URL)

    def fresh(page: Page) -> object:
        """The chat remembers whether it was open."""
        page.evaluate("() => { localStorage.clear(); sessionStorage.clear(); }")
        return page.reload()

    happenings: dict[str, Happening] = {
        "staffed": lambda page: (store.set(key, 1, ex=300), fresh(page)),
        "unstaffed": lambda page: (store.delete(key), fresh(page)),
    }
    size = {"width": width, "height": 844}
    walk(window(viewport=size).new_page(), SHOP, {}, happenings)
    webchat.webchat.ask_before = True
    webchat.webchat.save()
    walk(window(viewport=size).new_page(), SHOP_FORM, {}, happenings)
    store.close()


def _named(path: str) -> str:
    try:
        return resolve(re.sub(r"{\w+}", "1", path.partition("?")[0])).view_name
    except Resolver404:
        return ""


def _is_document(client: Client, address: str) -> bool:
    response = client.get(address)
    is_page = response.get("Content-Type", "").startswith("text/html")
    return (
        response.status_code == 200
        and is_page
        and b"<!doctype html" in response.content[:200].lower()
    )


def test_no_page_is_left_out(rows, agent, admin, client_of):
    """Whatever answers with a whole page to somebody is in the list above."""
    listed = {_named(screen.path) for screen in ALL if screen.path}
    listed |= BEHIND_LINKS
    clients = [client_of(agent), client_of(admin), Client()]
    missing = set()
    for route, name, pattern in plain_routes():
        is_ours = not name.startswith(tuple(NOT_OURS)) and name not in NO_PAGES
        if not is_ours or name in listed or not name:
            continue
        address = address_of(pattern, route, values(rows, route))
        if name.startswith(("account_", "mfa_")) or any(
            _is_document(client, address) for client in clients
        ):
            missing.add(name)
    assert missing == set()
