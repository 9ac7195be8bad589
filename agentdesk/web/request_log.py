"""One line of the log for every request: who, what, how it went."""

from django.http import HttpRequest
from django_structlog.middlewares import RequestMiddleware

from agentdesk.card_masking import mask_cards


class PathLogMiddleware(RequestMiddleware):
    """Leaves out what stands behind the path: names and numbers people look for."""

    @staticmethod
    def format_request(request: HttpRequest) -> str:
        return f"{request.method} {mask_cards(request.path, in_names=True)}"
