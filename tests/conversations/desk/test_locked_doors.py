"""A session that is locked opens no door at all: pages, fragments, files, exports."""

import time

import pytest
from django.conf import settings
from django.test import Client

from tests.routes import address_of, plain_routes, values
from tests.rows import one_of_everything

pytestmark = pytest.mark.django_db
WAY_BACK = {"accounts:unlock", "accounts:locked", "account_logout"}


def test_every_address_is_shut_to_a_locked_session(account, admin, webchat, client_of):
    rows = one_of_everything(account, admin, webchat)
    browser: Client = client_of(admin)
    session = browser.session
    session["active_at"] = time.time() - settings.SESSION_IDLE_MINUTES * 60 - 1
    session.save()
    for route, name, pattern in plain_routes():
        if name in WAY_BACK:
            continue
        address = address_of(pattern, route, values(rows, route))
        page = browser.get(address)
        assert page.status_code == 302, address
        assert page.url.startswith("/accounts/locked/"), address
        background = {"X-Background": "1", "Accept": "image/*"}
        assert browser.get(address, headers=background).status_code == 401, address
        assert browser.post(address).status_code == 401, address
