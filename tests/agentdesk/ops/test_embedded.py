"""The private servers come up from whatever state they were left in."""

import os
import shutil
import signal
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import redis

from agentdesk.ops.launcher.servers import leftovers, services
from agentdesk.ops.launcher.servers.child import Child
from agentdesk.ops.launcher.servers.make_database import connect
from agentdesk.ops.launcher.servers.places import ELSEWHERE
from agentdesk.ops.launcher.servers.postgres import Postgres
from agentdesk.ops.launcher.servers.valkey import Valkey
from agentdesk.socket_folder import socket_folder


def quiet(line: str) -> None:
    pass


@pytest.fixture
def var() -> Iterator[Path]:
    """A short folder, for pytest's own is too long for a socket and closed."""
    folder = Path(tempfile.mkdtemp(prefix="ad"))
    folder.chmod(0o755)
    yield folder
    take_away(folder)


def take_away(folder: Path) -> None:
    for link in (folder / "pg", folder / "sockets"):
        if link.is_symlink():
            target = link.resolve()
            shutil.rmtree(target.parent if link.name == "pg" else target)
    shutil.rmtree(folder)


def postgres(
    var: Path, say: Callable[[str], None] = quiet, *, durable: bool = False
) -> Postgres:
    return Postgres(var, durable=durable, say=say)


@contextmanager
def running(server: Postgres | Valkey) -> Iterator[None]:
    services.start([server])
    try:
        yield
    finally:
        services.stop([server])


def remember(server: Postgres, word: str) -> None:
    with connect(str(server.sockets), "agentdesk") as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS word (word text)")
        connection.execute("INSERT INTO word VALUES (%s)", [word])


def remembered(server: Postgres) -> list[str]:
    with connect(str(server.sockets), "agentdesk") as connection:
        return [word for (word,) in connection.execute("SELECT word FROM word")]


def child(server: Postgres | Valkey) -> Child:
    assert server.child
    return server.child


def kill(server: Postgres | Valkey) -> None:
    child(server).process.kill()
    child(server).process.wait()


def test_postgres_keeps_its_data_over_a_stop_and_leaves_no_process(var):
    server = postgres(var)
    with running(server):
        remember(server, "東京")
    assert not leftovers.running_in(var / "pg/data")
    with running(server):
        assert remembered(server) == ["東京"]


def test_postgres_comes_back_after_a_kill(var):
    """Its lock file, its sockets and its child processes are still there."""
    server = postgres(var, durable=True)
    with running(server):
        remember(server, "before")
        os.kill(child(server).process.pid, signal.SIGSTOP)  # children must not notice
        kill(server)
        assert (var / "pg/data/postmaster.pid").exists()
        server.start()
        assert remembered(server) == ["before"]


def test_postgres_takes_over_from_a_server_that_was_left_running(var):
    lines: list[str] = []
    orphan, server = postgres(var), postgres(var, lines.append)
    with running(orphan):
        remember(orphan, "orphan")
        with running(server):
            assert remembered(server) == ["orphan"]
            assert not child(orphan).is_alive()
    assert any("left behind" in line for line in lines)


def test_postgres_is_not_fooled_by_a_lock_file_with_somebody_elses_number(var):
    server = postgres(var)
    with running(server):
        lock = (server.data / "postmaster.pid").read_text().splitlines()
    (server.data / "postmaster.pid").write_text(
        "\n".join([str(os.getpid()), *lock[1:]])
    )
    with running(server):
        remember(server, "here")


def test_postgres_begins_anew_where_its_first_start_was_cut_off(var):
    (var / "pg/data.new/base").mkdir(parents=True)
    with running(postgres(var)):
        assert (var / "pg/data/PG_VERSION").exists()


def test_postgres_is_private_to_the_one_who_runs_it(var):
    server = postgres(var)
    with running(server), connect(str(server.sockets), "postgres") as connection:
        assert connection.execute("SHOW listen_addresses").fetchone() == ("",)
        assert oct((var / "pg").stat().st_mode)[-3:] == "700"


def test_servers_run_below_a_path_too_long_for_a_socket(var):
    deep = var / ("long" * 30) / "var"
    deep.mkdir(parents=True)
    servers: list[services.Server] = [postgres(deep), Valkey(deep, say=quiet)]
    services.start(servers)
    try:
        assert len(str(socket_folder(deep))) < len(str(deep))
        assert socket_folder(deep) == socket_folder(deep)
    finally:
        services.stop(servers)
        take_away(deep)


def test_postgres_runs_below_a_folder_closed_to_all_but_its_owner(var, monkeypatch):
    """Root's server is `nobody`, and stands elsewhere then; `var/pg` leads there."""
    closed = var / "closed"
    closed.mkdir(mode=0o700)
    place = var / "elsewhere"
    monkeypatch.setattr(
        "agentdesk.ops.launcher.servers.places.ELSEWHERE", [place, *ELSEWHERE]
    )
    # The virtual environment is below such a folder as well.
    monkeypatch.setattr(
        "agentdesk.ops.launcher.servers.programs._usable", lambda *_: False
    )
    server = postgres(closed)
    with running(server):
        remember(server, "inside")
    with running(postgres(closed)):
        assert remembered(server) == ["inside"]


def test_valkey_comes_back_after_a_kill(var):
    server = Valkey(var, say=quiet)
    with running(server):
        kill(server)
        assert server.socket.exists()
        server.start()
        assert redis.Redis(unix_socket_path=str(server.socket)).ping()


def test_a_start_that_fails_leaves_nothing_running(var, monkeypatch):
    def refuse(self):
        raise RuntimeError

    monkeypatch.setattr(Valkey, "start", refuse)
    with pytest.raises(RuntimeError):
        services.start([postgres(var), Valkey(var, say=quiet)])
    assert not leftovers.running_in(var / "pg/data")
