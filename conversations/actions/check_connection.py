"""Calling the provider with what an admin has set, outside any transaction."""

from agentdesk.accounts.models import User
from agentdesk.credentials import UnsealError
from conversations.actions.connect import note_failed_check, note_report
from conversations.adapters.failures import SendError
from conversations.choices import FailureCode
from conversations.models import Inbox
from conversations.selectors.connection import adapter_of


def check_connection(inbox: Inbox, *, actor: User | None) -> bool:
    """Ask the provider whether all is well, and note what it says; True where it is.

    Raises NotOfferedError where the channel has nobody to ask.
    """
    asked = inbox.connection
    try:
        report = adapter_of(inbox).check()
    except SendError as error:
        note_failed_check(inbox, error, actor=actor, of=asked)
        return False
    except UnsealError:
        lost = SendError(FailureCode.SET_UP, "CREDENTIAL_KEY", permanent=True)
        note_failed_check(inbox, lost, actor=actor, of=asked)
        return False
    note_report(inbox, report, actor=actor, of=asked)
    return not report.findings
