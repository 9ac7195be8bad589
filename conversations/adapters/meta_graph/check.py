"""What still has to be done at Meta before an inbox works. Findings are gettext ids."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from django.utils.translation import gettext_noop as _

from conversations.adapters.base import Connection, Report
from conversations.adapters.failures import SendError
from conversations.adapters.meta_graph.client import GraphClient
from conversations.adapters.meta_graph.subscription import address_findings

OTHER_PAGE = _("The access token belongs to another page: make one for this page.")
OTHER_APP = _("The access token belongs to another app: make one with this app.")
NO_TOKEN = _("The access token is no longer valid: make a new one.")
NO_SCOPE = _("The access token lacks a permission: make a new one with all of them.")
NO_EVENTS = _(
    "The page does not send us its events: add them under Webhooks in the app, for this page."
)
OTHER_INSTAGRAM = _(
    "This Instagram account is not connected with the page: connect it in the page's settings."
)


def token_findings(
    client: GraphClient, connection: Connection, scopes: Sequence[str]
) -> tuple[list[str], datetime | None]:
    """What is wrong with the token, and when it ends. Raises SendError."""
    app_id = connection.settings.get("app_id", "")
    inspected = client.inspect_token(app_id)
    findings = []
    if inspected.get("is_valid") is False:
        findings.append(NO_TOKEN)
    if app_id and str(inspected.get("app_id", app_id)) != app_id:
        findings.append(OTHER_APP)
    granted = inspected.get("scopes")
    if isinstance(granted, list) and not set(scopes) <= set(granted):
        findings.append(NO_SCOPE)
    return findings, token_end(inspected)


def token_end(inspected: Mapping[str, Any]) -> datetime | None:
    """The token's own end, or that of what it may read; None for never."""
    ends = [inspected.get("expires_at"), inspected.get("data_access_expires_at")]
    seconds = [one for one in ends if isinstance(one, int) and one > 0]
    return datetime.fromtimestamp(min(seconds), UTC) if seconds else None


def page_report(
    connection: Connection,
    *,
    about: str,
    events: Sequence[str],
    subscription: Sequence[str],
    scopes: Sequence[str],
    instagram_id: str = "",
) -> Report:
    """Calls Meta about a page, and asks it for the events we need. Raises SendError."""
    client = GraphClient(connection)
    page_id = connection.settings.get("page_id", "")
    findings, ends_at = token_findings(client, connection, scopes)
    if NO_TOKEN in findings:
        return Report(findings=findings)
    fields = "id,name,username,instagram_business_account{id,username}"
    page = client.get("/me", fields=fields if instagram_id else "id,name,username")
    if str(page.get("id", "")) != page_id:
        findings.append(OTHER_PAGE)
    name = str(page.get("name", ""))
    address = str(page.get("username") or page_id)
    if instagram_id:
        account = page.get("instagram_business_account")
        account = account if isinstance(account, dict) else {}
        if str(account.get("id", "")) != instagram_id:
            findings.append(OTHER_INSTAGRAM)
        address = f"@{account['username']}" if account.get("username") else instagram_id
    findings += address_findings(client, connection, about, events)
    if not _is_subscribed(client, connection, subscription):
        findings.append(NO_EVENTS)
    return Report(address, name, findings, ends_at)


def _is_subscribed(
    client: GraphClient, connection: Connection, subscription: Sequence[str]
) -> bool:
    """Whether our app gets the page's events; asked for where it does not yet."""
    path = f"/{connection.settings.get('page_id', '')}/subscribed_apps"
    app_id = connection.settings.get("app_id", "")
    try:
        apps = client.get(path).get("data")
        for app in apps if isinstance(apps, list) else []:
            is_ours = str(app.get("id", "")) == app_id
            if is_ours and set(subscription) <= set(app.get("subscribed_fields", [])):
                return True
        client.post(path, {"subscribed_fields": ",".join(subscription)})
    except SendError as error:
        if not error.permanent:
            raise
        return False
    return True
