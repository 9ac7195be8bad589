"""One line of the log for every request: who, what, how it went."""

from typing import Any

import structlog
from django.http import HttpRequest
from django_structlog.middlewares import RequestMiddleware

from agentdesk.audit.origin import request_address
from agentdesk.card_masking import mask_cards


class PathLogMiddleware(RequestMiddleware):
    """Leaves out what stands behind the path: names and numbers people look for."""

    @staticmethod
    def format_request(request: HttpRequest) -> str:
        return f"{request.method} {mask_cards(request.path, in_names=True)}"

    @classmethod
    def bind_ip(cls, request: HttpRequest) -> None:
        """The address that limits and the audit log go by, proxies counted."""
        structlog.contextvars.bind_contextvars(ip=request_address(request))

    def prepare(self, request: HttpRequest) -> None:
        request.logged_by = self  # type: ignore[attr-defined]  # read below alone
        super().prepare(request)

    def process_got_request_exception(
        self, sender: type[Any], request: HttpRequest, **signal: Any
    ) -> None:
        """There is one in the chain of pages and one in that of machines."""
        if getattr(request, "logged_by", None) is self:
            super().process_got_request_exception(sender, request, **signal)
