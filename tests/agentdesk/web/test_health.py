import pytest
from django.db import OperationalError, connection

from agentdesk import database
from agentdesk.jobs.heartbeat import PARTS, note_alive
from agentdesk.jobs.tasks import sender_lives, worker_lives


def test_a_living_process_says_so_without_asking_the_database(client):
    answer = client.get("/livez")
    assert (answer.status_code, answer.content) == (200, b"ok\n")


@pytest.fixture
def _all_at_work():
    for part in PARTS:
        note_alive(part)


EVERYTHING = dict.fromkeys(("database", "valkey", *PARTS), True)


@pytest.mark.django_db
@pytest.mark.usefixtures("_all_at_work")
def test_ready_where_every_part_is_at_work(client):
    answer = client.get("/readyz")
    assert answer.status_code == 200
    assert answer.json() == EVERYTHING


@pytest.mark.django_db
@pytest.mark.parametrize("missing", PARTS)
def test_not_ready_without_a_part_and_it_is_named(client, missing):
    for part in PARTS:
        if part != missing:
            note_alive(part)
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json() == EVERYTHING | {missing: False}
    assert client.get("/readyz/web").status_code == 200


@pytest.mark.django_db
def test_the_workers_show_that_they_take_tasks(client):
    worker_lives.delay()
    sender_lives.delay()
    answer = client.get("/readyz").json()
    assert (answer["worker"], answer["sender"]) == (True, True)
    assert (answer["beat"], answer["mail"]) == (False, False)


@pytest.mark.django_db
@pytest.mark.usefixtures("_all_at_work")
def test_not_ready_without_the_database(client, monkeypatch):
    def refuse():
        raise OperationalError

    monkeypatch.setattr(connection, "cursor", refuse)
    for path in ("/readyz", "/readyz/web"):
        answer = client.get(path)
        assert answer.status_code == 503
        assert answer.json()["database"] is False
        assert answer.json()["valkey"] is True


@pytest.mark.django_db
def test_pages_are_served_without_valkey_but_the_desk_is_not_whole(
    client, settings, tmp_path
):
    settings.REDIS_URL = f"unix://{tmp_path}/nobody-listens"
    assert client.get("/readyz").status_code == 503
    answer = client.get("/readyz/web")
    assert answer.status_code == 200
    assert answer.json() == {"database": True, "valkey": False}


def test_a_connection_that_died_in_the_pool_is_looked_at_before_it_is_used():
    values = database.from_url("postgresql://u@h/d", pool_size=2)
    assert values["CONN_HEALTH_CHECKS"] is True
