"""The way between an inbox and one address of a customer: its row, made and locked."""

from collections.abc import Iterable

from conversations.models import Inbox, Reach
from customers.models import Identity


def reach_of(inbox: Inbox, identity: Identity) -> Reach:
    """Made if there is none, and locked."""
    return reaches_of(inbox, [identity])[identity.pk]


def reaches_of(inbox: Inbox, identities: Iterable[Identity]) -> dict[int, Reach]:
    """The same of several, by their keys; locked in one order."""
    wanted = {identity.pk for identity in identities}
    rows = Reach.objects.select_for_update(no_key=True).order_by("pk")
    rows = rows.filter(inbox=inbox, identity__in=wanted)
    found = {row.identity_id: row for row in rows}
    if missing := wanted - found.keys():
        Reach.objects.bulk_create(
            [
                Reach(account_id=inbox.account_id, inbox=inbox, identity_id=pk)
                for pk in sorted(missing)
            ],
            ignore_conflicts=True,
        )
        found |= {row.identity_id: row for row in rows.filter(identity__in=missing)}
    return found
