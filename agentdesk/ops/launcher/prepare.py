"""Brings database, translations and static files up to date; quick when they are."""

import hashlib
import io
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.db import ProgrammingError, connection, connections, transaction
from django.db.migrations.executor import MigrationExecutor

from agentdesk.accounts.models import ClientAccount, User
from agentdesk.ops import demo
from agentdesk.ops.launcher import addresses
from agentdesk.ops.launcher.journal import say
from agentdesk.ops.launcher.servers.errors import StartError
from agentdesk.ops.translations import catalogs


def everything(*, with_demo: bool) -> bool:
    """True where the data are the demo's, so that its passwords are known."""
    # Before there is anything in it, and again with the extension's own eyes.
    _check_letters()
    _migrate()
    _check_letters()
    catalogs.compile_all()
    _collect_static()
    if with_demo and not _has_data():
        say("Loading the demo …")
        call_command("seed_demo", stdout=io.StringIO())
    is_demo = _holds_demo()
    connections.close_all()
    return is_demo


def _migrate() -> None:
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        say("Bringing the database up to date …")
        call_command("migrate", interactive=False, verbosity=0)


def _check_letters() -> None:
    """A server with the wrong locale finds no Japanese at all, without an error."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT coalesce(array_length(show_trgm('東京'), 1), 0) > 1")
            (knows,) = cursor.fetchone()
    except ProgrammingError:  # without the extension pg_trgm
        with connection.cursor() as cursor:
            cursor.execute("SELECT '東京' ~ '^[[:alpha:]]+$'")
            (knows,) = cursor.fetchone()
    if not knows:
        raise StartError(addresses.JAPANESE)


def _collect_static() -> None:
    marker = Path(settings.STATIC_ROOT).with_suffix(".fingerprint")
    fingerprint = _fingerprint()
    if marker.is_file() and marker.read_text() == fingerprint:
        return
    say("Collecting static files …")
    call_command("collectstatic", interactive=False, clear=True, verbosity=0)
    marker.write_text(fingerprint)


def _fingerprint() -> str:
    digest = hashlib.sha256()
    for finder in get_finders():
        for name, storage in finder.list([]):
            status = Path(storage.path(name)).stat()
            digest.update(f"{name} {status.st_size} {status.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def _has_data() -> bool:
    return User.objects.exists() or ClientAccount.objects.exists()


def _holds_demo() -> bool:
    emails = [email for _role, email, _password in demo.sign_ins()]
    return User.objects.filter(email__in=emails).exists()
