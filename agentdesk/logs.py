"""The log: how its lines look, what it leaves out and adds."""

import logging
from datetime import datetime
from http import HTTPStatus
from typing import Any

import structlog
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from structlog.typing import EventDict, Processor, WrappedLogger

from agentdesk import log_masking

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


def add_time(logger: WrappedLogger, method: str, event: EventDict) -> EventDict:
    """Date, time to the millisecond and zone: lines of several machines are compared."""
    now = datetime.now().astimezone()
    event["timestamp"] = now.isoformat(sep=" ", timespec="milliseconds")
    return event


def django_logging(style: str) -> dict[str, Any]:
    """Django's LOGGING. `style` is "text" for people, anything else for machines."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"lines": _formatter(style)},
        "filters": {
            "refusals": {
                "()": "django.utils.log.CallbackFilter",
                "callback": without_refusal_traceback,
            }
        },
        "handlers": {
            "console": {
                "class": "logging.StreamHandler",
                "formatter": "lines",
                "filters": ["refusals"],
            }
        },
        "root": {"handlers": ["console"], "level": "INFO"},
        "loggers": {
            "daphne": {"level": "WARNING"},
            "django.channels.server": {"level": "WARNING"},
            # Refusals have a line already, and a better one: see request_log.
            "django.request": {"level": "ERROR"},
            "celery.app.trace": {"level": "WARNING"},
        },
    }


def configure_structlog() -> None:
    structlog.configure(
        processors=[
            one_line_a_request,
            structlog.contextvars.merge_contextvars,
            structlog.stdlib.filter_by_level,
            add_time,
            structlog.stdlib.add_log_level,
            structlog.processors.format_exc_info,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )


def _formatter(style: str) -> dict[str, Any]:
    return {
        "()": structlog.stdlib.ProcessorFormatter,
        "processors": [
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            # Plain tracebacks: the pretty ones print the values of variables, and
            # with them what customers wrote.
            structlog.processors.format_exc_info,
            log_masking.mask_event,
            _renderer(style),
        ],
        "foreign_pre_chain": [structlog.stdlib.add_log_level, add_time],
    }


def _renderer(style: str) -> Processor:
    if style != "text":
        return structlog.processors.JSONRenderer(ensure_ascii=False)
    return structlog.dev.ConsoleRenderer(
        colors=False,
        pad_event_to=0,
        exception_formatter=structlog.dev.plain_traceback,
    )
