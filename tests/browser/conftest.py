"""A real Daphne on the test database, and Chromium windows that are signed in to it."""

import os
import shutil
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextvars import Context
from pathlib import Path
from typing import TypeVar
from urllib.parse import quote
from uuid import uuid4

import pytest
import redis
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.test import Client
from playwright.sync_api import (
    Browser,
    BrowserContext,
    Page,
    expect,
    sync_playwright,
)
from pytest_django.live_server_helper import LiveServer
from pytest_httpserver import HTTPServer

from agentdesk.accounts.models import Membership
from conversations.choices import Channel
from conversations.models import Conversation, Inbox, Message
from conversations.webchat.selectors.webchat import embed_line
from customers.models import Customer
from tests.browser import AT_REST
from tests.browser.chat import HOSTILE, PAGE, field
from tests.browser.providers import free_port, providers, providers_port
from tests.factories.customers import CustomerFactory, IdentityFactory
from tests.receiving import receive_message
from tests.waiting import until

__all__ = ["providers", "providers_port"]
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
# A busy machine is slow, not wrong.
expect.set_options(timeout=20_000)
T = TypeVar("T")
SMALL = {"width": 1366, "height": 768}
_START_SECONDS = 150
_IDLE_SECONDS = 30
ROOT = Path(__file__).resolve().parents[2]


def _drives_a_browser(item: pytest.Item) -> bool:
    return Path(__file__).parent in item.path.parents


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Every test of this folder drives a browser against committed rows."""
    for item in filter(_drives_a_browser, items):
        item.add_marker(pytest.mark.browser)
        item.add_marker(pytest.mark.django_db(transaction=True))


class _Last:
    """Playwright's loop stays in its thread: no loop of another test can run after it.

    A worker of xdist takes its tests in this order as well.
    """

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        items.sort(key=_drives_a_browser)


def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.register(_Last())


# Its connection to the database knows the tables already.
_thread = ThreadPoolExecutor(1, thread_name_prefix="outside")


def outside(change: Callable[[], T]) -> T:
    """Carry out a change as another process would.

    Playwright keeps an event loop in the thread of the tests, and what is published
    to the sockets wants a thread without one. Called from within itself it would wait
    for its own thread for ever.
    """
    assert not threading.current_thread().name.startswith("outside")
    return _thread.submit(Context().run, change).result()


def arrive(conversation: Conversation, inbox: Inbox, body: str) -> Message:
    """A message of the conversation's customer, while the desk looks on."""
    return outside(
        lambda: (
            receive_message(
                conversation.customer,
                inbox=inbox,
                channel=Channel.WEBCHAT,
                body=body,
                client_id=uuid4(),
            ).message
        )
    )


@pytest.fixture
def caller(account) -> Customer:
    customer = CustomerFactory(account=account)
    IdentityFactory(customer=customer, value="+81312345678")
    return customer


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    path = shutil.which(os.environ.get("CHROMIUM", "chromium"))
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        # Playwright's own loop runs in this thread; the database is not used by it.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def static_files() -> None:
    """Every file of the product at its address, as a server finds it."""
    call_command("collectstatic", interactive=False, verbosity=0)


@pytest.fixture(scope="session")
def server(
    django_db_setup, django_db_blocker, static_files, providers_port: int
) -> Iterator[str]:
    """The address of the product, running as it does in production."""
    with django_db_blocker.unblock():
        database = connection.settings_dict
    address = f"postgresql://{database['USER']}@/{database['NAME']}"
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    log = Path(settings.VAR_DIR) / f"daphne-{port}.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "daphne",
                "-p",
                str(port),
                "tests.browser.application:application",
            ],
            cwd=ROOT,
            stdout=output,
            stderr=output,
            env=os.environ
            | {
                "DJANGO_SETTINGS_MODULE": "tests.browser.settings",
                "AGENTDESK_DEMO": "1",
                "LOCAL_URL": url,
                "SIMULATOR_URL": f"http://127.0.0.1:{providers_port}",
                "DATABASE_URL": f"{address}?host={quote(database['HOST'], safe='')}",
            },
        )
    try:
        _wait_for(url, process, log)
        yield url
    finally:
        process.terminate()
        process.wait(10)


def _wait_for(url: str, process: "subprocess.Popen[bytes]", log: Path) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urllib.request.urlopen(f"{url}/livez", timeout=5):  # noqa: S310  # loopback
                return
        except OSError:
            time.sleep(0.1)
    pytest.fail(f"the server did not start: {log.read_text()[-2000:]}")


@pytest.fixture
def window(chromium: Browser, server: str) -> Iterator[Callable[..., BrowserContext]]:
    """A new browser of its own, closed with the test."""
    opened: list[BrowserContext] = []

    def opening(**options) -> BrowserContext:
        context = chromium.new_context(
            **(
                {
                    "base_url": server,
                    "viewport": SMALL,
                    "locale": "ja-JP",
                    # What it answers itself no route of a test would see.
                    "service_workers": "block",
                }
                | options
            )
        )
        context.set_default_timeout(60_000)
        opened.append(context)
        return context

    yield opening
    for context in opened:
        context.close()
    outside(lambda: wait_until_idle(server))


def wait_until_idle(server: str) -> None:
    """The tables are emptied after a test: no request may still be reading them."""
    with urllib.request.urlopen(f"{server}{AT_REST}", timeout=_IDLE_SECONDS):  # noqa: S310  # loopback
        until(_nobody_reads, _IDLE_SECONDS)


def _nobody_reads() -> bool:
    """Servers of other fixtures say nothing of themselves, but the database does."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select not exists (select 1 from pg_stat_activity where state <> 'idle' "
            "and datname = current_database() and pid <> pg_backend_pid())"
        )
        return bool(cursor.fetchone()[0])


@pytest.fixture
def signed_in(
    window: Callable[..., BrowserContext],
    server: str,
    client_of: Callable[[Membership], Client],
) -> Callable[..., Page]:
    """A page of a browser in which that member is signed in."""

    def opening(member: Membership, **options) -> Page:
        context = window(**options)
        cookie = client_of(member).cookies[settings.SESSION_COOKIE_NAME].value
        context.add_cookies(
            [{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": server}]
        )
        return context.new_page()

    return opening


@pytest.fixture
def guide(live_server: LiveServer, chromium: Browser, static_files) -> Iterator[Page]:
    """A page on the style guide; the test brings `tests.guide_urls`."""
    context = chromium.new_context(base_url=live_server.url, viewport=SMALL)
    yield context.new_page()
    context.close()


@pytest.fixture
def shop(httpserver: HTTPServer, server, webchat) -> str:
    """The address of a page of another origin that carries the one line."""
    account = webchat.account
    account.closed_on_holidays = False
    account.save(update_fields=["closed_on_holidays"])
    with redis.Redis.from_url(settings.REDIS_URL) as client:
        client.set(f"agentdesk:staffed:{account.pk}", 1, ex=300)
    for path, styles in (("/", HOSTILE), ("/plain/", "")):
        httpserver.expect_request(path).respond_with_data(
            PAGE.format(styles=styles, script=embed_line(webchat, server)),
            content_type="text/html; charset=utf-8",
        )
    address = httpserver.url_for("/")
    webchat.webchat.allowed_origins = [address.rstrip("/")]
    webchat.webchat.save()
    return address


@pytest.fixture
def opened(window, shop) -> Callable[..., Page]:
    """A new browser on the shop's page, its chat open."""

    def opening(path="", **options) -> Page:
        page = window(**options).new_page()
        page.goto(f"{shop}{path}")
        page.locator(".launcher").click()
        expect(field(page)).to_be_focused()
        return page

    return opening
