from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from agentdesk.audit.origin import acting_from, request_address


class OriginMiddleware:
    """Lets every audit entry written during the request name its network address."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with acting_from(request_address(request)):
            return self.get_response(request)
