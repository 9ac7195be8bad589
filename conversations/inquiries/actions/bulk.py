"""One change to many inquiries, each in a transaction of its own.

What one of them refuses is reported and stops no other.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from django.core.signing import BadSignature, Signer

from agentdesk.accounts.models import User
from conversations.exceptions import RefusalError, TooLateError
from conversations.inquiries.actions.undo import state_of, undo_token
from conversations.models import Inquiry

MOST_AT_ONCE = 200
_SALT = "undo of many inquiries"


@dataclass(frozen=True)
class Refused:
    """One that was not changed, and the sentence that says why."""

    inquiry: Inquiry
    sentence: str


@dataclass
class Outcome:
    """What became of each. `undo` takes back what was changed; "" where nothing is to be."""

    changed: list[Inquiry] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    undo: str = ""


def change_each(
    inquiries: Iterable[Inquiry],
    *,
    actor: User,
    change: Callable[[Inquiry], Inquiry],
    is_undoable: bool = True,
) -> Outcome:
    """Carry out `change`, an action with its own transaction, on one after the other."""
    outcome, tokens = Outcome(), []
    for inquiry in inquiries:
        before = state_of(inquiry)
        try:
            changed = change(inquiry)
        except RefusalError as refusal:
            outcome.refused.append(Refused(inquiry, str(refusal)))
            continue
        outcome.changed.append(inquiry)
        if is_undoable and state_of(changed) != before:
            token = undo_token(changed, actor=actor, before=before)
            tokens.append(f"{inquiry.pk}/{token}")
    if tokens:
        outcome.undo = Signer(salt=_SALT).sign(" ".join(tokens))
    return outcome


def undo_tokens(joined: str) -> dict[int, str]:
    """Of each inquiry its own token, out of `Outcome.undo`. Raises TooLateError."""
    try:
        tokens = Signer(salt=_SALT).unsign(joined).split(" ")
    except BadSignature:
        raise TooLateError from None
    pairs = (one.partition("/") for one in tokens)
    return {int(pk): token for pk, _slash, token in pairs}
