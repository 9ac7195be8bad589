"""The cast: an account with its agent, supervisor and admin, and a stranger to it."""

import gc
import time
from collections.abc import Callable, Iterator

import pytest
from django.core.cache import cache
from django.template.backends.jinja2 import Template as JinjaTemplate
from django.test import Client, TransactionTestCase
from django.test.signals import template_rendered

from agentdesk.accounts.models import ClientAccount, Membership
from agentdesk.accounts.roles import Role
from conversations.models import Conversation, Queue, partly_live
from conversations.push import announce
from conversations.routing import opening
from tests.databases import copy_of_migrated
from tests.emptying import empty_tables
from tests.factories.accounts import ClientAccountFactory, MembershipFactory
from tests.factories.conversations import (
    ConversationFactory,
    QueueFactory,
    WebChatFactory,
)

pytest_plugins = ["tests.servers"]

# Five thousand tests and the modules of the product live as long as the process: to look
# through them for what may go costs a twentieth of the whole run.
gc.set_threshold(50_000, 20, 50)


def pytest_collection_finish() -> None:
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def django_db_setup(
    django_test_environment,
    django_db_modify_db_settings,
    django_db_blocker,
    testrun_uid,
):
    """In place of pytest-django's, which migrates once for every worker."""
    with (
        django_db_blocker.unblock(),
        copy_of_migrated(testrun_uid),
        django_db_blocker.block(),
        pytest.MonkeyPatch.context() as patch,
    ):
        patch.setattr(TransactionTestCase, "_fixture_teardown", empty_tables)
        # A new connection knows no table yet: 50 ms of CPU a test.
        patch.setattr(
            TransactionTestCase, "_should_reload_connections", lambda _test: False
        )
        yield


@pytest.fixture(autouse=True)
def _context_of_jinja(monkeypatch) -> None:
    """`response.context` also of what Jinja has drawn: Django tells of its own alone."""
    draw = JinjaTemplate.render

    def drawn(template, context=None, request=None):
        known = {"access": getattr(request, "access", None), **(context or {})}
        template_rendered.send(sender=template, template=template, context=known)
        return draw(template, context, request)

    monkeypatch.setattr(JinjaTemplate, "render", drawn)


@pytest.fixture(autouse=True)
def _empty_cache() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def warm_process(settings, monkeypatch) -> None:
    """Like a process at work for a while: what it read of the inboxes is still good."""
    settings.INBOX_MEMORY_SECONDS = 60
    monkeypatch.setattr(partly_live, "_read", (0.0, []))
    monkeypatch.setattr(opening, "_remembered", {})
    monkeypatch.setattr(announce, "_remembered", (0.0, frozenset()))


@pytest.fixture
def account(db) -> ClientAccount:
    return ClientAccountFactory(name="こがね洋品店", slug="kogane")


@pytest.fixture
def other_account(db) -> ClientAccount:
    return ClientAccountFactory(name="ひなた台所道具", slug="hinata")


@pytest.fixture
def queue(account: ClientAccount) -> Queue:
    return QueueFactory(account=account)


@pytest.fixture
def webchat(account: ClientAccount, queue: Queue):
    return WebChatFactory(inbox__account=account, inbox__queue=queue).inbox


@pytest.fixture
def agent(account: ClientAccount) -> Membership:
    return MembershipFactory(account=account, role=Role.AGENT)


@pytest.fixture
def supervisor(account: ClientAccount) -> Membership:
    return MembershipFactory(account=account, role=Role.SUPERVISOR)


@pytest.fixture
def admin(account: ClientAccount) -> Membership:
    return MembershipFactory(account=account, role=Role.ADMIN)


@pytest.fixture
def stranger(other_account: ClientAccount) -> Membership:
    """An admin, but of another account."""
    return MembershipFactory(account=other_account, role=Role.ADMIN)


@pytest.fixture
def client_of() -> Callable[[Membership], Client]:
    """A signed-in test client of a member."""

    def signed_in(member: Membership) -> Client:
        client = Client()
        client.force_login(
            member.user, "allauth.account.auth_backends.AuthenticationBackend"
        )
        session = client.session
        proof = {"method": "password", "at": time.time(), "email": member.user.email}
        session["account_authentication_methods"] = [proof]
        session["account_authentication_methods_user"] = str(member.user_id)
        session.save()
        return client

    return signed_in


@pytest.fixture
def conversation(account: ClientAccount, queue: Queue) -> Conversation:
    return ConversationFactory(customer__account=account)
