"""定型文 of a demo company, and the words it wants to hear of before they are sent."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from agentdesk.accounts.models import ClientAccount
from conversations.models import Template, WordList
from conversations.replies.actions.template import search_keys

_NOT_GIVEN = {"shortcut": "", "channels": [], "uses": 0}


def create_templates(
    account: ClientAccount, words: Mapping[str, Any], now: int
) -> None:
    """`words` is the company's file; what is used more was used more lately."""
    today = datetime.fromtimestamp(now, tz=UTC)
    rows = []
    for folder, templates in words["templates"].items():
        for position, given in enumerate(templates):
            values = _NOT_GIVEN | given | {"folder": folder}
            values["body"] = values["body"].strip()
            idle = timedelta(hours=600 / values["uses"]) if values["uses"] else None
            rows.append(
                Template(
                    account=account,
                    position=position,
                    last_used_at=today - idle if idle else None,
                    **values,
                    **search_keys(values),
                )
            )
    Template.objects.bulk_create(rows)
    WordList.objects.create(account=account, lines=words["words_to_avoid"])
