"""Twilio's error codes in our words. Source: Twilio, "Error and Warning Dictionary".

Twilio makes new codes of old ones now and then: what is not here goes by its status.
"""

from conversations.adapters.failures import SendError
from conversations.choices import FailureCode

_CODES: dict[FailureCode, set[int]] = {
    FailureCode.CREDENTIALS: {20003, 20005, 30002},
    FailureCode.PERMISSION: {20006, 21408, 21608, 30034},
    FailureCode.SET_UP: {20404, 21212, 21603, 21606, 21609, 21659, 21660, 21661, 21703},
    FailureCode.RECIPIENT: {21211, 21214, 21217, 21265, 21266, 21612, 21614, 21635},
    FailureCode.OPTED_OUT: {21610},
    FailureCode.TOO_LONG: {21605, 21617},
    FailureCode.CONTENT: {21602, 21619, 21620, 30019},
    FailureCode.RATE: {14107, 20429, 21611, 30001, 30022},
    FailureCode.QUOTA: {63038, 30023, 30027},
    FailureCode.EXPIRED: {30003, 30036},  # out of reach, or switched off, for too long
    FailureCode.BLOCKED: {30004},
    FailureCode.SPAM: {30007},
    FailureCode.PROVIDER: {30009, 30017, 30018, 30410, 30500},
    FailureCode.REFUSED: {30008, 30010},
}
# Told of a message that was taken, and found to lead nowhere.
_UNREACHED = {30005, 30006}
_OF_CODE = {
    **{code: failure for failure, codes in _CODES.items() for code in codes},
    **dict.fromkeys(_UNREACHED, FailureCode.RECIPIENT),
}
_OF_STATUS = {
    401: FailureCode.CREDENTIALS,
    403: FailureCode.PERMISSION,
    404: FailureCode.SET_UP,
    429: FailureCode.RATE,
}
_PASSING = {FailureCode.RATE, FailureCode.PROVIDER}


def failure_code(code: str) -> str:
    """Of a message that was taken and did not arrive."""
    number = int(code) if code.isdecimal() else 0
    return str(_OF_CODE.get(number, FailureCode.REFUSED))


def refusal(
    status: int, code: int, detail: str, *, retry_after: float | None
) -> SendError:
    """Of a request that was not taken."""
    failure = _OF_CODE.get(code)
    if failure is None and status >= 500:
        failure = FailureCode.PROVIDER
    failure = failure or _OF_STATUS.get(status, FailureCode.REFUSED)
    return SendError(
        failure,
        f"{code}: {detail}" if code else detail,
        permanent=failure not in _PASSING,
        is_ambiguous=status >= 500,
        retry_after=retry_after,
        status=status,
    )
