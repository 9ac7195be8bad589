"""The step that finds who has written, by the addresses that an event names."""

from collections.abc import Sequence

from conversations.adapters.assurance import Assurance
from conversations.adapters.events import Address, Person
from conversations.choices import InboxState
from conversations.inbound.pass_on_number import pass_on, passed_on
from conversations.inbound.shapes import Draft
from conversations.models import Inbox
from customers.choices import IdentityKind
from customers.models import Identity
from customers.people.actions.assure import record_assurance
from customers.people.actions.identify import identify_address, known_identities
from customers.people.actions.name_customer import show_name


def identify(inbox: Inbox, drafts: Sequence[Draft]) -> None:
    """Give each draft its customer, and its message the address that it came from."""
    unknown = [one for one in drafts if one.customer is None and one.event is not None]
    if not unknown:
        return
    persons = [one.event.sender for one in unknown if one.event is not None]
    for draft, identity in zip(unknown, identities_of(inbox, persons), strict=True):
        draft.message.identity, draft.customer = identity, identity.customer


def identities_of(inbox: Inbox, persons: Sequence[Person]) -> list[Identity]:
    """The identities behind events, of customers known by any of their addresses.

    What arrives while the inbox is tested belongs to customers of its sandbox alone.
    """
    known = known_identities(
        inbox.account, [scoped(inbox, one.address) for one in persons]
    )
    found = []
    for person in persons:
        address = scoped(inbox, person.address)
        identity = known.get(address)
        if identity is None or person.also:
            identity = known[address] = _identify(inbox, person)
        if person.name:
            show_name(identity.customer, person.name)
        if person.address.kind == IdentityKind.EMAIL:
            _record_assurance(identity, person.assurance)
        found.append(identity)
    return found


def _record_assurance(identity: Identity, assurance: Assurance) -> None:
    """A From field alone says nothing; what was looked into does."""
    if assurance != Assurance.UNCONFIRMED:
        record_assurance(identity, is_confirmed=assurance == Assurance.CONFIRMED)


def identity_of(inbox: Inbox, person: Person) -> Identity:
    return identities_of(inbox, [person])[0]


def _identify(inbox: Inbox, person: Person) -> Identity:
    address, *also = [scoped(inbox, one) for one in (person.address, *person.also)]
    known = known_identities(inbox.account, [address, *also])
    own = known.get(address)
    others = [
        known[one]
        for one in also
        if one in known and (own is None or known[one].customer_id != own.customer_id)
    ]
    if own is not None and not others and len(known) == len({address, *also}):
        return own
    moving = passed_on(inbox, address, others)
    identity = identify_address(
        inbox.account,
        address,
        also=[one for one in also if known.get(one) not in moving],
        source=inbox.channel,
        is_test=inbox.state == InboxState.TEST,
        verified=person.assurance == Assurance.CONFIRMED,
    )
    pass_on(inbox, moving, identity.customer)
    return identity


def scoped(inbox: Inbox, address: Address) -> tuple[str, str, str]:
    """The address as it is kept: one of the sandbox is nobody else's."""
    scope = address.scope
    if inbox.state == InboxState.TEST:
        scope = f"test:{inbox.key}"
    return address.kind, address.value, scope
