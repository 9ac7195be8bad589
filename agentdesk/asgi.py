"""The ASGI application: pages, static files and sockets in one process."""

import os
import sys

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "agentdesk.settings")
django.setup(set_prefix=False)
# The thread of the sockets waits its turn among those that answer pages: Python's own
# 5 ms for each of them would make a signal late by as many turns.
sys.setswitchinterval(0.001)

from django.urls import get_resolver  # noqa: E402  # needs the apps loaded

from agentdesk.memory import settle  # noqa: E402
from agentdesk.routing import application  # noqa: E402

__all__ = ["application"]

assert get_resolver().url_patterns  # with them all views are loaded
settle()
