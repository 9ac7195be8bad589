"""Where an app's events go: asked of Meta, and set where nothing is set yet."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext_noop as _

from conversations.adapters.base import Connection
from conversations.adapters.failures import SendError
from conversations.adapters.meta_graph.client import GraphClient

NO_ADDRESS = _(
    "Meta does not send its events here: enter our webhook address and the verify token under Webhooks in the app."
)
OTHER_ADDRESS = _(
    "The app sends its events to another address: enter ours under Webhooks in the app."
)


def address_findings(
    client: GraphClient, connection: Connection, about: str, fields: Sequence[str]
) -> list[str]:
    """Of the app's events about `about`. Raises SendError.

    An address that somebody else has set is left alone. Source: Graph API,
    "Application subscriptions".
    """
    app_id = connection.settings.get("app_id", "")
    try:
        answer = client.as_app("GET", f"/{app_id}/subscriptions", app_id)
        found = _of(answer.get("data"), about)
        if found is not None and not connection.has_door_at(
            str(found.get("callback_url", ""))
        ):
            return [OTHER_ADDRESS]
        if found is None or not set(fields) <= _names(found):
            _subscribe(client, connection, about, fields)
    except SendError as error:
        if not error.permanent:
            raise
        return [NO_ADDRESS]
    return []


def _of(rows: Any, about: str) -> Mapping[str, Any] | None:
    rows = rows if isinstance(rows, list) else []
    return next((one for one in rows if one.get("object") == about), None)


def _names(found: Mapping[str, Any]) -> set[str]:
    """Those of an inactive one count for nothing: Meta has given up on it."""
    if found.get("active") is False:
        return set()
    return {str(one.get("name", "")) for one in found.get("fields") or []}


def _subscribe(
    client: GraphClient, connection: Connection, about: str, fields: Sequence[str]
) -> None:
    app_id = connection.settings.get("app_id", "")
    client.as_app(
        "POST",
        f"/{app_id}/subscriptions",
        app_id,
        object=about,
        callback_url=connection.public_url,
        verify_token=connection.settings.get("verify_token", ""),
        fields=",".join(fields),
    )
