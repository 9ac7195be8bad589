"""To whom a reply was written, where copies of it went to others as well."""

from conversations.models import Message
from customers.people.text import normalise_email


def is_of_copy(message: Message, recipient: str) -> bool:
    """Whether that is the address of one who had only a copy; empty for nobody's."""
    address = normalise_email(recipient)
    return bool(address) and address not in written_to(message)


def written_to(message: Message) -> list[str]:
    """Those it answers, as addresses are compared."""
    if "side" in message.data:
        return [normalise_email(str(message.data["side"]["address"]))]
    addresses = [
        address for _name, address in message.data.get("email", {}).get("to", [])
    ]
    if not addresses and message.identity:
        return [message.identity.value]
    if not addresses and "claim" in message.data:
        return [str(message.data["claim"]["value"])]
    return [normalise_email(one) for one in addresses]
