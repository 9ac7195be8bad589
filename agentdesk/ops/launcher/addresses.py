"""Asks the servers of DATABASE_URL and REDIS_URL once, before everything else does.

The pool and Celery try again and again, and say so in many lines. A process of its own:
`up` needs neither driver afterwards.
"""

import sys

import psycopg
from redis import Redis, RedisError

from agentdesk import environment
from agentdesk.ops.launcher.servers.errors import StartError
from agentdesk.ops.launcher.servers.programs import OLDEST_POSTGRES

PATIENCE = 5
JAPANESE = (
    "This PostgreSQL database takes no Japanese letter for a letter: make it "
    "with ENCODING 'UTF8' LC_CTYPE 'C.UTF-8' TEMPLATE template0."
)


def check() -> None:
    if url := environment.text("DATABASE_URL"):
        _check_database(url)
    if url := environment.text("REDIS_URL"):
        _check_valkey(url)


def _check_database(url: str) -> None:
    try:
        with psycopg.connect(url, connect_timeout=PATIENCE) as connection:
            version = connection.info.server_version // 10000
            encoding = connection.info.parameter_status("server_encoding")
    except psycopg.Error as error:
        raise StartError(
            f"The database of DATABASE_URL does not answer: {_first_line(error)}."
        ) from None
    if version < OLDEST_POSTGRES:
        raise StartError(
            f"The database of DATABASE_URL is PostgreSQL {version}: Agentdesk needs "
            f"{OLDEST_POSTGRES} or newer."
        )
    if encoding != "UTF8":
        raise StartError(JAPANESE)


def _check_valkey(url: str) -> None:
    try:
        with Redis.from_url(
            url, socket_connect_timeout=PATIENCE, socket_timeout=PATIENCE
        ) as client:
            client.ping()
    except (RedisError, OSError, ValueError) as error:
        raise StartError(
            "The Valkey or Redis of REDIS_URL does not answer: "
            f"{_first_line(error).removesuffix('.')}."
        ) from None


def _first_line(error: Exception) -> str:
    return str(error).strip().partition("\n")[0]


if __name__ == "__main__":
    try:
        check()
    except StartError as refusal:
        sys.exit(str(refusal))
