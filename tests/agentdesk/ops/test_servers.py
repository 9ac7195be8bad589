import socket

import pytest
from django.core.cache import cache
from django.db import connection
from pytest_socket import SocketConnectBlockedError


@pytest.mark.django_db
def test_the_database_knows_japanese_letters():
    with connection.cursor() as cursor:
        cursor.execute("SELECT array_length(show_trgm('東京'), 1)")
        assert cursor.fetchone() == (3,)


def test_the_cache_answers():
    cache.set("greeting", "こんにちは")
    assert cache.get("greeting") == "こんにちは"


def test_no_other_host_is_reached():
    with pytest.raises(SocketConnectBlockedError):
        socket.create_connection(("192.0.2.1", 80), timeout=1)
