"""Where an inbox is set up, and what the control of its state shows."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from agentdesk.crypto import digest
from conversations.adapters.base import Capabilities
from conversations.adapters.registry import ADAPTERS, is_offered
from conversations.choices import OPEN_INBOX_STATES, Channel, InboxState
from conversations.inboxes.selectors.overview import held_count
from conversations.inboxes.selectors.progress import (
    Progress,
    is_connected,
    progress_of,
    states_after,
)
from conversations.models import Inbox

TONES = {
    InboxState.DRAFT: "neutral",
    InboxState.TEST: "info",
    InboxState.PARTIAL: "warning",
    InboxState.LIVE: "success",
    InboxState.STOPPED: "neutral",
}
_MEANINGS: dict[str, str | Promise] = {
    InboxState.DRAFT: _(
        "Customers do not reach it. What arrives is kept until it is live."
    ),
    InboxState.TEST: _("Whoever writes now is a tester: no agent sees it."),
    InboxState.PARTIAL: _("Live within the chosen hours, or for the chosen members."),
    InboxState.LIVE: _("Customers reach it, and agents answer."),
    InboxState.STOPPED: _(
        "Customers do not reach it. What arrives is kept until it is live."
    ),
}
_VERBS: dict[str, str | Promise] = {
    InboxState.DRAFT: _("Back to draft"),
    InboxState.TEST: _("Test"),
    InboxState.PARTIAL: _("Partly live …"),
    InboxState.LIVE: pgettext_lazy("inbox", "Go live"),
    InboxState.STOPPED: _("Stop"),
}
_STOP = _("Stop this inbox? Customers no longer reach you by it.")
_TRY = _(
    "Back to the test? What customers write meanwhile goes to the test alone, and no "
    "agent sees it."
)
_DELETE = _(
    "Delete “%(name)s”? What was filled in is gone, and the provider no longer reaches "
    "this address."
)
_TRIED_CALLS = _(
    "Calls are shown on this page alone: they ring on nobody's screen, and no list and "
    "no figure counts them."
)
_UNHEARD = _(
    "No event of the provider has arrived yet: customers may write, and nothing would "
    "reach you. Go live all the same?"
)
_HUSH = _("Back to the test? Calls ring on nobody's screen meanwhile.")
_HIDE = _("Back to the test? Customers see no chat on the site meanwhile.")


@dataclass(frozen=True)
class Move:
    """One state the inbox may be set to, as a button. `confirm` asks before."""

    state: InboxState
    label: str
    confirm: str
    needs_choice: bool
    is_next: bool

    @property
    def confirmation(self) -> str:
        """What is sent along where the question was answered, as JSON."""
        return '{"confirmed": "1"}' if self.confirm else "{}"


@dataclass(frozen=True)
class StateControl:
    """`moves` are what it may be set to; `obstacle` says why it cannot go live."""

    inbox: Inbox
    moves: list[Move]
    progress: Progress
    held: int
    members: list[str]
    refused: str = ""

    @property
    def selector(self) -> str:
        return f"#inbox-state-{self.inbox.pk}"

    @property
    def triggers(self) -> str:
        """It is read again by a dialog's answer too, and once the socket listens."""
        return f"inbox-state-{self.inbox.pk} from:body, live:started from:body"

    @property
    def tone(self) -> str:
        return TONES[InboxState(self.inbox.state)]

    @property
    def meaning(self) -> str:
        if self.inbox.state == InboxState.TEST and not _can(self.inbox).can_reply:
            return str(_TRIED_CALLS)
        return str(_MEANINGS[self.inbox.state])

    @property
    def version(self) -> str:
        """Tells one look at it from the next."""
        inbox = self.inbox
        shown = (inbox.state, inbox.partial_hours, self.members, self.held)
        return digest(repr((*shown, self.obstacle, self.progress.is_unheard)))

    @property
    def is_draft(self) -> bool:
        return self.inbox.state == InboxState.DRAFT

    @property
    def delete_question(self) -> str:
        return str(_DELETE) % {"name": self.inbox.name}

    @property
    def obstacle(self) -> str:
        return "" if self.inbox.is_active else self.progress.obstacle


def state_control(inbox: Inbox, *, refused: str = "") -> StateControl:
    is_partial = inbox.state == InboxState.PARTIAL
    members = inbox.partial_members.select_related("user") if is_partial else []
    progress = progress_of(inbox)
    return StateControl(
        inbox=inbox,
        moves=_moves(inbox, progress),
        progress=progress,
        held=held_count(inbox) if is_connected(inbox.channel) else 0,
        members=[member.user.name for member in members],
        refused=refused,
    )


def _can(inbox: Inbox) -> Capabilities:
    return ADAPTERS[inbox.channel].capabilities


def _question(can: Capabilities) -> str | Promise:
    if not can.can_reply:
        return _HUSH
    return _HIDE if can.is_instant else _TRY


def _moves(inbox: Inbox, progress: Progress) -> list[Move]:
    confirm: dict[str, str | Promise] = {InboxState.STOPPED: _STOP}
    if progress.is_unheard:
        confirm[InboxState.LIVE] = _UNHEARD
    verbs = dict(_VERBS)
    if inbox.is_active:
        confirm[InboxState.TEST] = _question(_can(inbox))
        verbs[InboxState.TEST] = _("Back to the test")
    states = states_after(inbox)
    whole = (state for state in states if state != InboxState.PARTIAL)
    after = None if inbox.is_active else next(whole, None)
    return [
        Move(
            state=InboxState(state),
            label=str(verbs[state]),
            confirm=str(confirm.get(state, "")),
            needs_choice=state == InboxState.PARTIAL,
            is_next=state == after,
        )
        for state in states
    ]


def question_before_opening(inbox: Inbox, state: str) -> str:
    """What an admin has to confirm before customers write there, or nothing.

    The other questions are the browser's alone: what they are about can be undone.
    """
    progress = progress_of(inbox)
    is_opening = state in OPEN_INBOX_STATES and not inbox.is_active
    needs_question = is_opening and progress.is_unheard and progress.is_ready
    return str(_UNHEARD) if needs_question else ""


def page_of(inbox: Inbox, slug: str) -> str:
    """The address of the page where an admin sets it up."""
    page = ADAPTERS[inbox.channel].about.settings_page or "settings_desk:inbox"
    name, _hash, row = page.partition("#")
    if row:
        return f"{reverse(name, args=[slug])}#{row}-{inbox.pk}"
    return reverse(name, args=[slug, inbox.pk])


def offered_channels() -> list[Channel]:
    """Those an admin can add an inbox of, in the order of the product."""
    return [one for one in Channel if one in ADAPTERS and is_offered(one)]
