"""What answers pages, static files and sockets. Needs the apps loaded."""

from wsgiref.headers import Headers

from channels.routing import ProtocolTypeRouter, URLRouter
from channels.security.websocket import AllowedHostsOriginValidator
from django.conf import settings
from django.urls import path
from servestatic import ServeStaticASGI

from agentdesk.live.consumer import DeskConsumer
from agentdesk.live.servers import with_line
from agentdesk.web.handler import ThreadedHandler
from conversations.webchat.consumers import VisitorConsumer


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
