"""The kinds of addresses that channels bring into the book of customers."""

from collections.abc import Iterator

from conversations.adapters.registry import ADAPTERS
from conversations.choices import Channel
from customers.kinds import Kind


def channel_kinds() -> Iterator[Kind]:
    """In the order of the product."""
    for channel in Channel:
        about = ADAPTERS[channel].about
        if about.address is not None:
            yield Kind(
                about.address.value,
                channel.label,
                about.icon,
                is_number=about.address.is_number,
                verbatim=about.address.verbatim,
            )
