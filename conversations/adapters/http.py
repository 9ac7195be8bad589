"""What the clients of all adapters share: how a request fails, and how long to wait."""

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

import httpcore2
import httpx2

from agentdesk.http_client import PrivateAddressError
from conversations.adapters.failures import SendError
from conversations.choices import FailureCode

# The request cannot have reached anybody.
_NOT_SENT = (
    httpx2.ConnectError,
    httpx2.ConnectTimeout,
    httpx2.PoolTimeout,
    httpx2.UnsupportedProtocol,
    httpx2.InvalidURL,
    httpcore2.ConnectError,
)


def failure_of_transport(error: Exception) -> SendError:
    """A request that got no answer: whether it may have been taken, and if to try again."""
    if isinstance(error, PrivateAddressError):
        return SendError(FailureCode.SET_UP, "private address", permanent=True)
    if isinstance(error, _NOT_SENT):
        return SendError(FailureCode.NETWORK, str(error)[:200], permanent=False)
    is_timeout = isinstance(error, httpx2.TimeoutException)
    return SendError(
        FailureCode.TIMEOUT if is_timeout else FailureCode.NETWORK,
        type(error).__name__,
        permanent=False,
        is_ambiguous=True,
    )


def taken(response: httpx2.Response) -> dict[str, Any]:
    """What a provider answers to what it has taken. Raises SendError.

    A page of somebody in between may say 200, and a redirect has taken nothing yet:
    neither is the provider's word.
    """
    try:
        body = response.json() if response.status_code < 300 else None
    except (ValueError, RecursionError):
        body = None
    if isinstance(body, dict):
        return body
    raise SendError(
        FailureCode.PROVIDER,
        "no answer of the provider's",
        permanent=False,
        is_ambiguous=True,
        status=response.status_code,
    )


def retry_after(response: httpx2.Response) -> float | None:
    """Seconds the provider asks us to wait, from a number or a date."""
    value = response.headers.get("retry-after", "").strip()
    if not value:
        return None
    try:
        return max(0.0, float(value))
    except ValueError:
        pass
    try:
        at = parsedate_to_datetime(value)
    except (TypeError, ValueError):
        return None
    if at.tzinfo is None:
        at = at.replace(tzinfo=UTC)
    return max(0.0, (at - datetime.now(UTC)).total_seconds())
