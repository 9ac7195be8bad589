"""What the account at Twilio has, and what is still to be set there."""

from typing import Any

from django.utils.translation import gettext_noop as _

from conversations.adapters.base import Connection, Report
from conversations.adapters.sms.client import TwilioClient


def report(client: TwilioClient, connection: Connection) -> Report:
    """Raises SendError."""
    number = connection.settings.get("number", "")
    account = client.account()
    findings: list[str] = []
    if account.get("status") != "active":
        findings.append(_("The Twilio account is not active."))
    service = connection.settings.get("messaging_service_sid", "")
    if number.startswith("+"):
        found = client.number(number) or {}
        findings += _of_number(found)
        routes = client.service(service) if service else {}
        if service and not routes.get("use_inbound_webhook_on_number"):
            findings += _of_service(routes, connection)
        elif found:
            findings += _of_webhook(found, connection)
    else:
        findings.append(_("Customers cannot answer a sender ID: it only sends."))
    return Report(
        address=number,
        name=str(account.get("friendly_name", ""))[:200],
        findings=findings,
        facts={"account_type": str(account.get("type", ""))},
    )


def _of_number(number: dict[str, Any]) -> list[str]:
    if not number:
        return [_("The number does not belong to this Twilio account.")]
    if not (number.get("capabilities") or {}).get("sms"):
        return [_("The number cannot send or receive text messages.")]
    return []


def _of_service(service: dict[str, Any], connection: Connection) -> list[str]:
    if _address(service.get("inbound_request_url")) == connection.public_url:
        return []
    return [
        _(
            "The messaging service sends incoming messages elsewhere: choose “Send a "
            "webhook” under its Integration, with our address."
        )
    ]


def _of_webhook(number: dict[str, Any], connection: Connection) -> list[str]:
    if _address(number.get("sms_url")) != connection.public_url:
        return [
            _(
                "The number's messages go elsewhere: paste our address at “A message "
                "comes in” of the number, with HTTP POST."
            )
        ]
    if str(number.get("sms_method") or "POST").upper() != "POST":
        return [_("Set “HTTP POST” beside our address at the number.")]
    return []


def _address(url: Any) -> str:
    """Behind # stand overrides for Twilio itself: how often to try, how long to wait."""
    return str(url or "").partition("#")[0]
