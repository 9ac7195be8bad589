"""What a member leaves behind, and who takes it on.

Accounts knows no inquiries: apps that give members work register here, when they start,
how much of it is open and how it changes hands.
"""

from collections.abc import Callable
from dataclasses import dataclass

from agentdesk.accounts.models import Membership, User


@dataclass(frozen=True)
class Handover:
    """`open_work(member)` counts; `hand_over(member, to, actor)` returns how many went.

    `to` None means that nobody in particular has it next.
    """

    open_work: Callable[[Membership], int]
    hand_over: Callable[[Membership, Membership | None, User], int]


_handovers: list[Handover] = []


def register(handover: Handover) -> None:
    _handovers.append(handover)


def open_work(member: Membership) -> int:
    return sum(handover.open_work(member) for handover in _handovers)


def hand_over(member: Membership, *, to: Membership | None, actor: User) -> int:
    return sum(handover.hand_over(member, to, actor) for handover in _handovers)
