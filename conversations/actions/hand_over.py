"""What a leaving member had open goes on with somebody else."""

from django.db import transaction

from agentdesk.accounts.handover import Handover
from agentdesk.accounts.models import Membership, User
from agentdesk.audit import log
from conversations.actions.inquiry import assign
from conversations.models import ComposeLease, FollowUp, Inquiry


def open_work(member: Membership) -> int:
    """Open inquiries they own, and promises they have not kept yet."""
    promises = FollowUp.objects.filter(owner=member, done_at=None)
    return Inquiry.objects.open().filter(owner=member).count() + promises.count()


@transaction.atomic
def hand_over(member: Membership, to: Membership | None, actor: User) -> int:
    """Everything open to `to`; with None inquiries wait for anybody.

    A promise needs somebody who keeps it: with None that is the actor.
    """
    inquiries = list(Inquiry.objects.open().filter(owner=member).order_by("pk"))
    for inquiry in inquiries:
        assign(inquiry, actor=actor, owner=to)
    promises = list(FollowUp.objects.filter(owner=member, done_at=None))
    keeper = to or Membership.objects.active().get(
        user=actor, account_id=member.account_id
    )
    for promise in promises:
        promise.owner = keeper
        promise.save(update_fields=["owner"])
        log.record(
            "follow_up.handed_over",
            promise,
            actor=actor,
            before={"owner": member.user.name},
            after={"owner": keeper.user.name},
        )
    ComposeLease.objects.filter(member=member).delete()
    return len(inquiries) + len(promises)


HANDOVER = Handover(open_work=open_work, hand_over=hand_over)
