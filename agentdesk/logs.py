"""What the log leaves out: settings.LOGGING names these."""

import logging
from http import HTTPStatus

import structlog
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from structlog.typing import EventDict, WrappedLogger

_REFUSALS = (PermissionDenied, SuspiciousOperation)
_PROBES = {"GET /livez", "GET /readyz", "GET /readyz/web"}


def without_refusal_traceback(record: logging.LogRecord) -> bool:
    """A refused verb or host is an answer, not a failure: one line, and no traceback."""
    if record.exc_info and isinstance(record.exc_info[1], _REFUSALS):
        record.exc_info = None
        record.exc_text = None
    return True


def one_line_a_request(
    logger: WrappedLogger, method: str, event: EventDict
) -> EventDict:
    """`request_finished` says all that `request_started` does, and how it ended.

    What load balancers ask every few seconds is told only when it goes wrong.
    """
    is_probe = event.get("request") in _PROBES and event.get("code") == HTTPStatus.OK
    if event.get("event") == "request_started" or is_probe:
        raise structlog.DropEvent
    return event
