"""What the Graph API's refusals mean, and which of them pass.

Sources: "Common Error Codes" of the Messenger Platform, "Error codes" of the WhatsApp
Business Platform, "Handling errors" of the Graph API.
"""

import json
from collections.abc import Mapping
from typing import Any, NamedTuple

from conversations.adapters.failures import SendError
from conversations.choices import FailureCode as Code


class Meaning(NamedTuple):
    code: str
    wait: float | None = None  # seconds; None: the same again would fail again

    @property
    def is_permanent(self) -> bool:
        return self.wait is None


# A subcode says more than its code.
_SUBCODES = {
    2018278: Meaning(Code.WINDOW),
    2018065: Meaning(Code.WINDOW),
    2534022: Meaning(Code.WINDOW),
    2018001: Meaning(Code.RECIPIENT),
    2018108: Meaning(Code.BLOCKED),
    1545041: Meaning(Code.BLOCKED),
    2018028: Meaning(Code.PERMISSION),  # in development only people with a role
    2018109: Meaning(Code.FILE_SIZE),
    2018047: Meaning(Code.FILE_KIND),
    2018074: Meaning(Code.FILE_KIND),
    2018022: Meaning(Code.RATE, 60),
}
_CODES = {
    0: Meaning(Code.CREDENTIALS),
    1: Meaning(Code.PROVIDER, 5),
    2: Meaning(Code.PROVIDER, 5),
    3: Meaning(Code.PERMISSION),
    4: Meaning(Code.RATE, 60),
    10: Meaning(Code.PERMISSION),
    17: Meaning(Code.RATE, 60),
    32: Meaning(Code.RATE, 60),
    33: Meaning(Code.SET_UP),
    100: Meaning(Code.REFUSED),
    102: Meaning(Code.CREDENTIALS),
    190: Meaning(Code.CREDENTIALS),
    230: Meaning(Code.PERMISSION),
    368: Meaning(Code.PERMISSION),
    470: Meaning(Code.WINDOW),
    551: Meaning(Code.BLOCKED),
    613: Meaning(Code.RATE, 30),
    1200: Meaning(Code.PROVIDER, 5),
    80001: Meaning(Code.RATE, 60),
    80002: Meaning(Code.RATE, 60),
    80006: Meaning(Code.RATE, 60),
    80007: Meaning(Code.RATE, 60),
    # WhatsApp
    130429: Meaning(Code.RATE, 5),
    130472: Meaning(Code.CAP),
    130497: Meaning(Code.PERMISSION),
    131000: Meaning(Code.PROVIDER, 10),
    131005: Meaning(Code.PERMISSION),
    131016: Meaning(Code.PROVIDER, 30),
    131021: Meaning(Code.RECIPIENT),
    131026: Meaning(Code.RECIPIENT),
    131030: Meaning(Code.PERMISSION),  # a test number writes to listed people alone
    131031: Meaning(Code.PERMISSION),
    131037: Meaning(Code.SET_UP),
    131042: Meaning(Code.SET_UP),  # nothing to pay with
    131045: Meaning(Code.SET_UP),
    131047: Meaning(Code.WINDOW),
    131048: Meaning(Code.SPAM),
    131049: Meaning(Code.CAP),
    131050: Meaning(Code.OPTED_OUT),
    131051: Meaning(Code.CONTENT),
    131052: Meaning(Code.CONTENT),
    131053: Meaning(Code.FILE_KIND),
    131056: Meaning(Code.RATE, 10),  # one message in six seconds to one person
    131057: Meaning(Code.PROVIDER, 300),
    133004: Meaning(Code.PROVIDER, 30),
    133010: Meaning(Code.SET_UP),
}
# Asking again is safe: Meta says that it has not taken the message.
_NOT_TAKEN = frozenset({2, 1200})


def meaning_of(code: int, subcode: int = 0) -> Meaning:
    if subcode in _SUBCODES:
        return _SUBCODES[subcode]
    if code in _CODES:
        return _CODES[code]
    if 132000 <= code < 133000:
        return Meaning(Code.TEMPLATE)
    return Meaning(Code.PERMISSION if 200 <= code < 300 else Code.REFUSED)


def failure(
    status: int,
    error: Mapping[str, Any],
    *,
    requested_wait: float | None,
) -> SendError:
    """What a refused request comes to. `requested_wait` is what its headers say."""
    code, subcode = _number(error.get("code")), _number(error.get("error_subcode"))
    detail = _detail(error)
    if not error:
        return _without_words(status, requested_wait)
    meaning = meaning_of(code, subcode)
    is_transient = error.get("is_transient") is True
    is_safe = is_transient or code in _NOT_TAKEN or meaning.code != Code.PROVIDER
    return SendError(
        meaning.code,
        detail,
        permanent=meaning.is_permanent and not is_transient,
        is_ambiguous=status >= 500 and not is_safe,
        retry_after=max(meaning.wait or 0, requested_wait or 0) or None,
        status=status,
    )


def _without_words(status: int, requested_wait: float | None) -> SendError:
    """A proxy in between has answered, not the Graph API itself."""
    if status == 429:
        return SendError(
            Code.RATE, permanent=False, retry_after=requested_wait, status=status
        )
    if status >= 500:
        return SendError(
            Code.PROVIDER,
            permanent=False,
            is_ambiguous=True,
            retry_after=requested_wait,
            status=status,
        )
    named = {401: Code.CREDENTIALS, 403: Code.PERMISSION, 413: Code.FILE_SIZE}
    return SendError(named.get(status, Code.REFUSED), permanent=True, status=status)


def _detail(error: Mapping[str, Any]) -> str:
    data = error.get("error_data")
    more = data.get("details", "") if isinstance(data, dict) else ""
    code, subcode = error.get("code", ""), error.get("error_subcode", "")
    number = f"#{code}/{subcode}" if subcode else f"#{code}"
    return f"{number} {more or error.get('message', '')}"[:300]


def _number(value: Any) -> int:
    try:
        return int(value)
    except (TypeError, ValueError):
        return -1


def requested_wait_of(headers: Mapping[str, str]) -> float | None:
    """Graph sends no Retry-After: it tells the minutes until we may ask again.

    Source: Graph API, "Rate limits", X-Business-Use-Case-Usage.
    """
    try:
        usage = json.loads(headers.get("x-business-use-case-usage", "") or "{}")
        uses = [use for one in usage.values() for use in one]
        minutes = [float(use["estimated_time_to_regain_access"]) for use in uses]
    except (ValueError, TypeError, KeyError, AttributeError):
        return None
    return max(minutes) * 60 if any(minutes) else None
