"""Many rows written at once read back as they were."""

from datetime import timedelta

import pytest
from django.utils import timezone

from agentdesk.bulk_update import save_all
from conversations.models import Reach
from tests.factories.customers import IdentityFactory

pytestmark = pytest.mark.django_db

FIELDS = ("last_heard_at", "closed_reason", "closed_at", "name", "facts")


@pytest.fixture
def rows(webchat):
    return [
        Reach.objects.create(
            account=webchat.account,
            inbox=webchat,
            identity=IdentityFactory(customer__account=webchat.account),
        )
        for _index in range(3)
    ]


def test_every_kind_of_value_comes_back(rows, django_assert_num_queries):
    now = timezone.now()
    for index, row in enumerate(rows):
        row.last_heard_at = now + timedelta(days=index)
        row.name = f"“山田”, {{太郎}} \\ 'x' {index}"
        row.facts = {"a": [index, None, 'に"ほ'], "b": {}}
    rows[1].last_heard_at, rows[1].closed_at = None, now
    with django_assert_num_queries(1):
        save_all(rows, FIELDS)
    for row in rows:
        stored = Reach.objects.get(pk=row.pk)
        assert [getattr(stored, name) for name in FIELDS] == [
            getattr(row, name) for name in FIELDS
        ]


def test_what_is_not_named_stays(rows):
    rows[0].name, rows[0].reply_token = "新", "unsaved"
    save_all(rows[:1], ("name",))
    stored = Reach.objects.get(pk=rows[0].pk)
    assert (stored.name, stored.reply_token) == ("新", "")
    assert Reach.objects.get(pk=rows[1].pk).name == ""


def test_nothing_to_write_asks_nothing(db, django_assert_num_queries):
    with django_assert_num_queries(0):
        save_all([], FIELDS)
