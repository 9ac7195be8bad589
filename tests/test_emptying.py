"""What `tests/emptying.py` leaves behind: nothing that a test has made."""

import pytest
from django.apps import apps
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.test import TransactionTestCase

from agentdesk.accounts.actions.invite import invite
from agentdesk.accounts.roles import Role
from agentdesk.audit.models import AuditEntry
from tests.emptying import empty_tables
from tests.rows import one_of_everything


@pytest.mark.django_db(transaction=True)
def test_nothing_is_left_of_one_of_everything(account, agent, admin, webchat):
    one_of_everything(account, agent, webchat)
    invite(account, actor=admin.user, role=Role.AGENT)
    assert AuditEntry.objects.exists()

    empty_tables(TransactionTestCase())

    left = {model for model in apps.get_models() if model._base_manager.exists()}
    assert left == {ContentType, Permission}
