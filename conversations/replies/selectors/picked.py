"""The channel a reply will take: the agent's choice, else the customer's last one."""

from dataclasses import dataclass

from conversations.outbound.reply_option import ReplyOption, ReplyOptions


@dataclass(frozen=True)
class Held:
    """What the composer on the screen holds.

    `usual` is the default it has been told of; `is_chosen`: the agent has chosen the
    channel, or begun to write for it.
    """

    via: str = ""
    usual: str = ""
    is_chosen: bool = False


@dataclass(frozen=True)
class Picked:
    """`news` is where the customer has written meanwhile, if the reply does not follow."""

    option: ReplyOption | None
    usual: str
    news: ReplyOption | None = None


def first_picked(replies: ReplyOptions) -> Picked:
    chosen = replies.chosen
    return Picked(chosen, chosen.value if chosen else "")


def picked_again(replies: ReplyOptions, held: Held) -> Picked:
    """The reply follows the customer, but never away from what the agent has begun."""
    default = first_picked(replies)
    current = replies.find(held.via)
    if current is None or default.option is None:
        return default
    if default.usual == held.usual:
        return Picked(current, held.usual)
    if not held.is_chosen:
        return default
    is_elsewhere = default.option.value != current.value
    return Picked(current, held.usual, default.option if is_elsewhere else None)


def picked_by_hand(replies: ReplyOptions, value: str) -> Picked:
    """What has come until now is known to the agent who chooses."""
    default = first_picked(replies)
    return Picked(replies.find(value) or default.option, default.usual)
