"""The first day at the desk: steps that are done by doing them."""

from dataclasses import dataclass
from typing import Any, cast

from allauth.mfa.models import Authenticator
from django.db.models import Exists, QuerySet
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from agentdesk.accounts.access import Access
from agentdesk.accounts.models import Membership, User
from agentdesk.accounts.roles import Role
from agentdesk.audit.models import AuditEntry
from conversations.choices import CallState, Direction, MessageKind
from conversations.models import (
    Call,
    ContactReason,
    Inbox,
    Inquiry,
    Mention,
    Message,
    Template,
)

# The first that a person is anywhere decides which list is theirs.
_BY_WEIGHT = (Role.ADMIN, Role.SUPERVISOR, Role.AGENT)


@dataclass(frozen=True)
class Step:
    key: str
    title: str | Promise
    how: str | Promise
    page: str  # where it is done: the name of a URL
    is_done: bool = False

    @property
    def url(self) -> str:
        return reverse(self.page)


@dataclass(frozen=True)
class FirstDay:
    role: Role
    steps: list[Step]

    @property
    def done(self) -> int:
        return sum(step.is_done for step in self.steps)


_TWO_STEPS = Step(
    "two_steps",
    _("Turn on two-step sign-in"),
    _("With an app or a passkey, besides your password."),
    "mfa_index",
)
_STEPS = {
    Role.AGENT: (
        Step(
            "took",
            _("Take an inquiry"),
            _("On the desk, N takes the one that has waited longest."),
            "desk:home",
        ),
        Step(
            "replied",
            _("Answer a customer"),
            _("R goes to the reply, Ctrl Enter sends it."),
            "desk:home",
        ),
        Step(
            "noted",
            _("Leave a note for your colleagues"),
            _("M goes to the internal note; customers never see it."),
            "desk:home",
        ),
        Step(
            "called",
            _("Finish a call"),
            _("Type a number above, note the four lines, then end and wrap up."),
            "desk:calls",
        ),
        Step(
            "closed",
            _("Close an inquiry with its reason"),
            _("E closes what is open before you."),
            "desk:home",
        ),
        _TWO_STEPS,
    ),
    Role.SUPERVISOR: (
        Step(
            "assigned",
            _("Give an inquiry to somebody"),
            _("A in a conversation chooses its owner."),
            "desk:home",
        ),
        Step(
            "mentioned",
            _("Tell a colleague by a note"),
            _("Type @ and a name in an internal note."),
            "desk:home",
        ),
        Step(
            "snoozed",
            _("Put an inquiry away until a time"),
            _("Z snoozes it; it comes back by itself."),
            "desk:home",
        ),
        Step(
            "closed",
            _("Close an inquiry with its reason"),
            _("E closes what is open before you."),
            "desk:home",
        ),
        _TWO_STEPS,
    ),
    Role.ADMIN: (
        Step(
            "has_inbox",
            _("Open an inbox to customers"),
            _("Settings, Inboxes: add a channel, try it, and open it."),
            "settings:index",
        ),
        Step(
            "has_colleague",
            _("Have a colleague join"),
            _("Settings, Members: invite by mail address or by a link."),
            "settings:index",
        ),
        Step(
            "has_reasons",
            _("Say why customers write"),
            _("Settings, Contact reasons: they are chosen when one closes."),
            "settings:index",
        ),
        Step(
            "has_templates",
            _("Write the first template"),
            _("Settings, Templates: what is answered again and again."),
            "settings:index",
        ),
        _TWO_STEPS,
    ),
}


def first_day(access: Access) -> FirstDay:
    """What the person has done so far of what their role begins with. One query."""
    roles = {str(member.role) for member in access.memberships.values()}
    role = next((one for one in _BY_WEIGHT if one in roles), Role.AGENT)
    wanted = [step.key for step in _STEPS[role]]
    facts = {key: Exists(rows) for key, rows in _facts(access).items() if key in wanted}
    row = User.objects.filter(pk=access.user.pk).values(**facts).get()
    done = cast(dict[str, bool], row)
    steps = [
        Step(one.key, one.title, one.how, one.page, done[one.key])
        for one in _STEPS[role]
    ]
    return FirstDay(role, steps)


def _facts(access: Access) -> dict[str, QuerySet[Any]]:
    """Rows that are there once a step was done."""
    members = [member.pk for member in access.memberships.values()]
    accounts = access.account_ids
    written = Message.objects.filter(author__in=members)
    colleagues = Membership.objects.active().exclude(pk__in=members)
    changed = AuditEntry.objects.filter(actor=access.user)
    notes = written.filter(kind=MessageKind.NOTE)
    return {
        "took": Inquiry.objects.filter(owner__in=members),
        "replied": written.filter(direction=Direction.OUTBOUND),
        "noted": notes,
        "mentioned": Mention.objects.filter(message__author__in=members),
        "called": Call.objects.filter(member__in=members, state=CallState.FINISHED),
        "closed": changed.filter(action="inquiry.closed"),
        "assigned": changed.filter(action="inquiry.assigned"),
        "snoozed": changed.filter(action="inquiry.snoozed"),
        "two_steps": Authenticator.objects.filter(user=access.user),
        "has_inbox": Inbox.objects.running().filter(account__in=accounts),
        "has_colleague": colleagues.filter(account__in=accounts),
        "has_reasons": ContactReason.objects.filter(account__in=accounts),
        "has_templates": Template.objects.filter(account__in=accounts),
    }
