"""Loads what the programs would each load by themselves, and says whether to fork it.

No thread, no event loop and no connection may come of it: a fork loses the first and
would share the others.
"""

import gc
import os
import threading
from collections.abc import Set
from contextlib import suppress
from importlib import import_module
from pathlib import Path

import django
from django.core.checks import run_checks

# What the programs of `command_lines` import on their own. Not `daphne.server`, which
# makes its event loop when it is imported, nor `agentdesk.asgi`, which is for web alone.
_MODULES = """
    agentdesk.jobs.beat agentdesk.routing
    autobahn.twisted.websocket billiard.dummy billiard.pool
    celery.app.amqp celery.app.control celery.app.events celery.app.log celery.app.routes
    celery.apps.beat celery.apps.worker celery.bin.celery celery.concurrency.thread
    celery.events.dispatcher celery.events.receiver celery.worker.autoscale celery.worker.consumer
    celery.worker.consumer.delayed_delivery celery.worker.strategy
    conversations.management.commands.fetch_mail conversations.management.commands.simulate
    daphne.access daphne.endpoints daphne.http_protocol daphne.ws_protocol dbm.dumb
    django.contrib.messages.storage.session django.contrib.sessions.serializers
    django.core.management ipware kombu.mixins kombu.transport.redis psycopg_pool redis.asyncio
    twisted.internet.asyncioreactor twisted.internet.unix twisted.plugins.autobahn_endpoints
    twisted.plugins.fd_endpoint twisted.python.usage
"""


def load() -> None:
    """Raises RuntimeError where what is loaded must not be forked."""
    before = _descriptors()
    django.setup()
    for name in _MODULES.split():
        import_module(name)
    _load_tasks()
    _load_pages()
    # Celery would carry them out in every process: once is enough, and whatever they
    # make the models remember is shared.
    run_checks()
    _refuse_threads()
    if opened := _descriptors() - before:
        raise RuntimeError(f"Loading has opened {', '.join(sorted(opened))}.")
    gc.collect()
    # No collection of a child writes into what it shares with the others.
    gc.freeze()


def _load_tasks() -> None:
    from agentdesk.celery import app  # noqa: PLC0415  # needs the settings
    from agentdesk.http_client import client  # noqa: PLC0415

    app.loader.import_default_modules()
    app.finalize()
    with client():  # it reads the authorities we trust, for all that follow
        pass


def _load_pages() -> None:
    """Addresses, templates and sentences in every language."""
    from django.conf import settings  # noqa: PLC0415
    from django.template import TemplateSyntaxError  # noqa: PLC0415
    from django.template.loader import get_template  # noqa: PLC0415
    from django.urls import get_resolver  # noqa: PLC0415
    from django.utils import translation  # noqa: PLC0415

    folder = settings.BASE_DIR / "templates"
    pages = [*folder.rglob("*.html"), *folder.rglob("*.jinja")]
    for code, _language in settings.LANGUAGES:
        with translation.override(code):
            translation.gettext("Save")
            assert get_resolver().reverse_dict
            for page in pages:
                with suppress(TemplateSyntaxError):  # whoever shows it will say so
                    get_template(str(page.relative_to(folder)))


def _refuse_threads() -> None:
    tasks = Path("/proc/self/task")
    number = len(list(tasks.iterdir())) if tasks.is_dir() else threading.active_count()
    if number > 1:
        raise RuntimeError(f"Loading has started {number - 1} threads.")


def _descriptors() -> Set[str]:
    """Sockets, event loops and files that this process holds open."""
    found = set()
    for number in os.listdir("/proc/self/fd"):
        with suppress(OSError):  # the one that lists them is gone
            found.add(f"{number} ({os.readlink(f'/proc/self/fd/{number}')})")
    return found
