"""To whom a reply was written, where copies of it went to others as well."""

from conversations.contents.email import Email
from conversations.contents.side_thread import SideThread
from conversations.contents.stated_address import StatedAddress
from conversations.models import Message
from customers.people.text import normalise_email


def is_of_copy(message: Message, recipient: str) -> bool:
    """Whether that is the address of one who had only a copy; empty for nobody's."""
    address = normalise_email(recipient)
    return bool(address) and address not in written_to(message)


def written_to(message: Message) -> list[str]:
    """Those it answers, as addresses are compared."""
    side, email = SideThread.of(message), Email.of(message)
    if side is not None:
        return [normalise_email(side.address)]
    addresses = [address for _name, address in email.to] if email else []
    if not addresses and message.identity:
        return [message.identity.value]
    claim = StatedAddress.of(message)
    if not addresses and claim is not None:
        return [claim.value]
    return [normalise_email(one) for one in addresses]
