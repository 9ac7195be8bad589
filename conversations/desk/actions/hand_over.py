"""What a leaving member had open goes on with somebody else."""

from django.db import transaction

from agentdesk.accounts.handover import Handover
from agentdesk.accounts.models import Membership, User
from agentdesk.audit import log
from conversations.calls.actions.running_call import OCCUPIED, lock_call
from conversations.calls.actions.wrap_up import WrapUp, finish_call
from conversations.choices import CallOutcome, CallState
from conversations.inquiries.actions.inquiry import assign
from conversations.live import events
from conversations.models import Call, ComposeLease, FollowUp, Inquiry
from conversations.replies.actions.compose import give_back


def open_work(member: Membership) -> int:
    """Open inquiries they own, and promises they have not kept yet."""
    promises = FollowUp.objects.filter(owner=member, done_at=None)
    return Inquiry.objects.open().filter(owner=member).count() + promises.count()


@transaction.atomic
def hand_over(member: Membership, to: Membership | None, actor: User) -> int:
    """Everything open to `to`; with None inquiries wait for anybody.

    A promise needs somebody who keeps it: with None that is the actor. A call they are
    on ends with the notes typed so far, for nobody else could end it.
    """
    _end_calls(member)
    inquiries = list(Inquiry.objects.open().filter(owner=member).order_by("pk"))
    for inquiry in inquiries:
        assign(inquiry, actor=actor, owner=to)
    promises = list(FollowUp.objects.filter(owner=member, done_at=None))
    owner = to or Membership.objects.active().get(
        user=actor, account_id=member.account_id
    )
    for promise in promises:
        promise.owner = owner
        promise.save(update_fields=["owner"])
        log.record(
            "follow_up.handed_over",
            promise,
            actor=actor,
            before={"owner": member.user.name},
            after={"owner": owner.user.name},
        )
    for lease in ComposeLease.objects.filter(member=member):
        give_back(lease.conversation, member=member)
    return len(inquiries) + len(promises)


def _end_calls(member: Membership) -> None:
    """First what rings for them, lest it be answered next; it rings for all then."""
    for call in Call.objects.filter(member=member, state=CallState.RINGING):
        call = lock_call(call)
        call.member = None
        call.save(update_fields=["member", "updated_at"])
        events.call_changed(call)
    for call in Call.objects.filter(member=member, state__in=OCCUPIED):
        wrap_up = WrapUp(outcome=CallOutcome.OTHER, lines=call.notes)
        finish_call(call, member=member, wrap_up=wrap_up)


HANDOVER = Handover(open_work=open_work, hand_over=hand_over)
