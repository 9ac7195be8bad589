"""What colleagues have to do now, and whether they are there: beside each name of a choice."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count
from django.utils.translation import gettext as _

from agentdesk.accounts.models import Membership
from agentdesk.live.presence import users_at_desk
from conversations.choices import CallState
from conversations.models import Call, Inquiry

_ON_A_CALL = (CallState.TALKING, CallState.HELD, CallState.WRAP_UP)


@dataclass(frozen=True)
class AtWork:
    """`is_there` is None where it is not known."""

    open_inquiries: int
    is_there: bool | None
    is_on_call: bool

    @property
    def presence(self) -> str:
        if self.is_on_call:
            return _("on the phone")
        if self.is_there is None:
            return ""
        return _("at the desk") if self.is_there else _("away")


def at_work(members: Sequence[Membership]) -> dict[int, AtWork]:
    """By the number of the member, in two queries and one look into Valkey."""
    pks = [one.pk for one in members]
    owned = Inquiry.objects.open().awake().filter(owner__in=pks).order_by()
    load = dict(owned.values_list("owner_id").annotate(Count("pk")))
    calls = Call.objects.filter(member__in=pks, state__in=_ON_A_CALL)
    on_call = set(calls.values_list("member_id", flat=True))
    there = users_at_desk([one.user_id for one in members])
    return {
        one.pk: AtWork(
            open_inquiries=load.get(one.pk, 0),
            is_there=None if there is None else one.user_id in there,
            is_on_call=one.pk in on_call,
        )
        for one in members
    }
