"""What a request cost in the process that answered it, told in a header."""

import time
from collections.abc import Callable
from typing import Any

from django.db import connection
from django.http import HttpRequest, HttpResponse


class ServerTimingMiddleware:
    """Adds `Server-Timing`: `app` is all of Django, middleware and rendering included,
    `db` the part of it spent in queries, with their number as its description, `cpu`
    what this thread computed, which a busy machine does not lengthen.

    Stands first in MIDDLEWARE.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        count = Count()
        began, computed = time.perf_counter(), time.thread_time()
        with connection.execute_wrapper(count):
            response = self.get_response(request)
        spent = time.perf_counter() - began
        computed = time.thread_time() - computed
        response.headers["Server-Timing"] = (
            f"app;dur={spent * 1000:.2f}, cpu;dur={computed * 1000:.2f}, "
            f'db;dur={count.seconds * 1000:.2f};desc="{count.queries}"'
        )
        return response


class Count:
    """How many queries ran on this thread's connection, and for how long."""

    def __init__(self) -> None:
        self.queries = 0
        self.seconds = 0.0

    def __call__(self, execute: Callable[..., Any], *arguments: Any) -> Any:
        began = time.perf_counter()
        try:
            return execute(*arguments)
        finally:
            self.queries += 1
            self.seconds += time.perf_counter() - began
