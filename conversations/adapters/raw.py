"""What a provider posts, before anything is made of it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class RawEvent:
    """One event as it is kept. `id` is the same in a redelivery; at most 200 letters.

    `about`, of a poll: worth keeping only while that message is known to be ours.
    `account`: which of the provider's accounts it is of, where one door serves several.
    `is_message` False: surely no message of a customer, for whom somebody waits. Such
    events are taken up after those that may be one.
    """

    id: str
    body: bytes
    about: str = ""
    account: str = ""
    is_message: bool = True
