"""What WhatsApp tells of the account, the number and the templates themselves."""

from collections.abc import Mapping, Sequence
from typing import Any

from conversations.adapters.events import Notice, Parsed, TemplatesChanged
from conversations.adapters.failures import UnknownEventError
from conversations.choices import FailureCode

_TEMPLATES = frozenset(
    {
        "message_template_status_update",
        "message_template_components_update",
        "template_category_update",
    }
)
_BAD_ACCOUNT = frozenset(
    {
        "ACCOUNT_DELETED",
        "ACCOUNT_RESTRICTION",
        "ACCOUNT_VIOLATION",
        "DISABLED_UPDATE",
        "PARTNER_REMOVED",
        "PARTNER_APP_UNINSTALLED",
    }
)
_BAN_IS_OVER = "REINSTATE"


def account_event(field: str, value: Mapping[str, Any]) -> Sequence[Parsed]:
    """Raises UnknownEventError."""
    if field in _TEMPLATES:
        return [TemplatesChanged()]
    if field == "account_update":
        return [_account(value)]
    if field == "phone_number_quality_update":
        return [_quality(value)]
    if field == "account_alerts":
        return [_alert(value)]
    raise UnknownEventError(f"field {field!r}")


def _account(value: Mapping[str, Any]) -> Notice:
    event = str(value.get("event", ""))
    if event not in _BAD_ACCOUNT:
        raise UnknownEventError(f"account_update {event!r}")
    ban = value.get("ban_info")
    state = str(ban.get("waba_ban_state", "")) if isinstance(ban, Mapping) else ""
    detail = f"{event} {state}".strip()
    return Notice(FailureCode.PERMISSION, detail, is_trouble=state != _BAN_IS_OVER)


def _quality(value: Mapping[str, Any]) -> Notice:
    event = str(value.get("event", ""))
    if event in {"FLAGGED", "DOWNGRADE"}:
        return Notice(FailureCode.CAP, f"{event} {value.get('current_limit', '')}")
    if event in {"UNFLAGGED", "UPGRADE"}:
        return Notice(FailureCode.CAP, event, is_trouble=False)
    raise UnknownEventError(f"phone_number_quality_update {event!r}")


def _alert(value: Mapping[str, Any]) -> Notice:
    alert = value.get("alert_info")
    found = alert if isinstance(alert, Mapping) else value
    severity = str(found.get("alert_severity", ""))
    if severity not in {"CRITICAL", "WARNING"}:
        raise UnknownEventError(f"account_alerts {severity!r}")
    words = (found.get("alert_type", ""), found.get("alert_description", ""))
    return Notice(FailureCode.PERMISSION, " ".join(str(one) for one in words))
