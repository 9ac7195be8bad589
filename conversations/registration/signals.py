"""What the apps below this one tell in the same transaction, and who hears it."""

from agentdesk.accounts.signals import hours_changed
from conversations.inbound.dispute import settle_dispute, show_dispute
from conversations.inquiries.actions.due import forget_due
from customers.signals import address_disputed, claim_decided


def connect() -> None:
    address_disputed.connect(show_dispute, dispatch_uid="show_dispute")
    claim_decided.connect(settle_dispute, dispatch_uid="settle_dispute")
    hours_changed.connect(forget_due, dispatch_uid="forget_due")
