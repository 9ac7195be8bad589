"""What the log leaves out: settings.LOGGING names these."""

import logging

import structlog
from django.core.exceptions import PermissionDenied
from structlog.typing import EventDict, WrappedLogger


def without_refusal_traceback(record: logging.LogRecord) -> bool:
    """A refused verb is an answer, not a failure: one line, and no traceback."""
    if record.exc_info and isinstance(record.exc_info[1], PermissionDenied):
        record.exc_info = None
        record.exc_text = None
    return True


def one_line_a_request(
    logger: WrappedLogger, method: str, event: EventDict
) -> EventDict:
    """`request_finished` says all that `request_started` does, and how it ended."""
    if event.get("event") == "request_started":
        raise structlog.DropEvent
    return event
