"""Calling the provider with what an admin has set, outside any transaction."""

from collections.abc import Callable

from agentdesk.accounts.models import User
from agentdesk.crypto import UnsealError
from conversations.adapters.failures import SendError
from conversations.adapters.renewal import Renewed, Setup
from conversations.choices import FailureCode
from conversations.connections.renew_secrets import connected, renew_secrets
from conversations.inboxes.actions.connect import (
    Checked,
    note_failed_check,
    note_report,
)
from conversations.models import Inbox


def check_connection(inbox: Inbox, *, actor: User | None) -> bool:
    """Ask the provider whether all is well, and note what it says; True where it is.

    Raises NotOfferedError where the channel has nobody to ask.
    """
    connection = inbox.connection
    checked = Checked(connection.settings, sealed=connection.secrets)

    def renew(exchange: Callable[[Setup], Renewed], *, stale: Setup) -> Setup:
        """The answer is about the secrets that the call itself has renewed."""
        checked.secrets = renew_secrets(inbox.pk, exchange, stale=stale)
        return checked.secrets

    try:
        report = connected(inbox, renew=renew).check()
    except SendError as error:
        note_failed_check(inbox, error, actor=actor, of=checked)
        return False
    except UnsealError:
        lost = SendError(FailureCode.SET_UP, "CREDENTIAL_KEY", permanent=True)
        note_failed_check(inbox, lost, actor=actor, of=checked)
        return False
    is_taken = note_report(inbox, report, actor=actor, of=checked)
    return is_taken and not report.findings
