"""The ASGI application: pages, static files and sockets in one process."""

import os
import sys
from wsgiref.headers import Headers

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "agentdesk.settings")
django.setup(set_prefix=False)
# The thread of the sockets waits its turn among those that answer pages: Python's own
# 5 ms for each of them would make a signal late by as many turns.
sys.setswitchinterval(0.001)

from channels.routing import (  # noqa: E402  # needs the apps loaded
    ProtocolTypeRouter,
    URLRouter,
)
from channels.security.websocket import AllowedHostsOriginValidator  # noqa: E402
from django.conf import settings  # noqa: E402
from django.urls import get_resolver, path  # noqa: E402
from servestatic import ServeStaticASGI  # noqa: E402

from agentdesk.live.consumer import DeskConsumer  # noqa: E402
from agentdesk.live.servers import with_line  # noqa: E402
from agentdesk.memory import settle  # noqa: E402
from agentdesk.web.handler import ThreadedHandler  # noqa: E402
from conversations.webchat.consumers import VisitorConsumer  # noqa: E402


def _as_what_they_are(headers: Headers, path: str, url: str) -> None:
    """Static files are taken for what they say they are, by any page that may load them."""
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Cross-Origin-Resource-Policy"] = "cross-origin"


application = ProtocolTypeRouter(
    {
        "http": ServeStaticASGI(
            ThreadedHandler(),
            root=settings.STATIC_ROOT,
            prefix=settings.STATIC_URL,
            add_headers_function=_as_what_they_are,
        ),
        "websocket": with_line(
            URLRouter(
                [
                    path(
                        "ws/desk/",
                        AllowedHostsOriginValidator(DeskConsumer.as_asgi()),
                    ),
                    # Of any site that carries the chat: the consumer checks which.
                    path("ws/chat/<slug:key>/", VisitorConsumer.as_asgi()),
                ]
            )
        ),
    }
)

assert get_resolver().url_patterns  # with them all views are loaded
settle()
