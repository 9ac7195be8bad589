"""What still has to be done at Meta before a WhatsApp number works."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext_noop as _

from conversations.adapters.base import Connection, Report
from conversations.adapters.failures import SendError
from conversations.adapters.meta_graph.check import NO_TOKEN, token_findings
from conversations.adapters.meta_graph.client import GraphClient
from conversations.adapters.meta_graph.subscription import (
    NO_ADDRESS,
    address_findings,
)

_SCOPES = ("whatsapp_business_messaging", "whatsapp_business_management")
_ABOUT = "whatsapp_business_account"
_EVENTS = (
    "messages",
    "smb_message_echoes",
    "user_preferences",
    "message_template_status_update",
    "phone_number_quality_update",
    "account_update",
    "account_alerts",
)
NOT_CONNECTED = _(
    "The number is not registered yet: finish it in WhatsApp Manager under Phone numbers."
)
LOW_QUALITY = _(
    "Meta rates the number's quality as low: customers have blocked or reported it."
)
NO_EVENTS = _(
    "The WhatsApp account does not send us its events: subscribe to messages under Webhooks in the app."
)
_FIELDS = (
    "display_phone_number,verified_name,quality_rating,status,webhook_configuration"
)


def number_report(connection: Connection) -> Report:
    """Calls Meta about the number, and asks it for its events. Raises SendError."""
    client = GraphClient(connection)
    number_id = connection.settings.get("phone_number_id", "")
    findings, ends_at = token_findings(client, connection, _SCOPES)
    if NO_TOKEN in findings:
        return Report(findings=findings)
    number = client.get(f"/{number_id}", fields=_FIELDS)
    if number.get("status", "CONNECTED") != "CONNECTED":
        findings.append(NOT_CONNECTED)
    if number.get("quality_rating") == "RED":
        findings.append(LOW_QUALITY)
    # The number has an address of its own: where the app's other events go is no matter.
    problems = address_findings(client, connection, _ABOUT, _EVENTS)
    if NO_ADDRESS in problems or not _is_subscribed(client, connection, number):
        findings.append(NO_EVENTS)
    return Report(
        address=str(number.get("display_phone_number", "")),
        name=str(number.get("verified_name", "")),
        findings=findings,
        token_expires_at=ends_at,
        facts={"quality": str(number.get("quality_rating", ""))},
    )


def _is_subscribed(
    client: GraphClient, connection: Connection, number: dict[str, Any]
) -> bool:
    """Our app gets the account's events, and this number's come to our address."""
    waba = f"/{connection.settings.get('waba_id', '')}/subscribed_apps"
    try:
        if not _has_app(client.get(waba).get("data"), connection):
            client.post(waba, {})
        if not _comes_here(number, connection):
            client.post(
                f"/{connection.settings.get('phone_number_id', '')}",
                {"webhook_configuration": _address(connection)},
            )
    except SendError as error:
        if not error.permanent:
            raise
        return False
    return True


def _has_app(apps: Any, connection: Connection) -> bool:
    app_id = connection.settings.get("app_id", "")
    for one in apps if isinstance(apps, Sequence) else ():
        app = one.get("whatsapp_business_api_data") or one
        if str(app.get("id", "")) == app_id:
            return True
    return False


def _comes_here(number: dict[str, Any], connection: Connection) -> bool:
    """Meta's order: the number's own address, then the account's, then the app's."""
    configuration = number.get("webhook_configuration") or {}
    levels = ("phone_number", "whatsapp_business_account", "application")
    first = next((configuration[one] for one in levels if configuration.get(one)), "")
    return bool(first) and first == connection.public_url


def _address(connection: Connection) -> dict[str, str]:
    """Source: WhatsApp Business Platform, "Webhook overrides"."""
    return {
        "override_callback_uri": connection.public_url,
        "verify_token": connection.settings.get("verify_token", ""),
    }
