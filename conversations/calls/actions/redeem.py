"""A web visitor reads a code out on the phone; the agent opens the same conversation."""

import hmac
import re
import unicodedata
from collections.abc import Sequence
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from agentdesk import crypto as credentials
from agentdesk.accounts.models import Membership, User
from agentdesk.audit import log
from conversations.calls.actions.running_call import (
    attach_customer,
    lock_call,
    lock_user,
    occupied_call,
    phone_inbox,
)
from conversations.choices import CallState, ThreadEvent
from conversations.exceptions import BusyError, TooManyTriesError, WrongCodeError
from conversations.inquiries.actions.record import add_line
from conversations.live import events
from conversations.models import Call, PickupAttempt, PickupCode
from conversations.webchat.actions.visitor import customer_of

MAX_WRONG_TRIES = 5
TRIES_WINDOW = timedelta(minutes=1)
_NARROWING = 8  # letters of the digest
_CODE = re.compile(r"[0-9]{6}")


def redeem_code(members: Sequence[Membership], code: str) -> Call:
    """Spend a code and put its visitor's conversation on the call of the member.

    `members` are the places of one user whose accounts are searched. A call that runs
    becomes the visitor's; without one, a call begins. A wrong try is remembered, which
    is why this is not one transaction. Raises WrongCodeError, TooManyTriesError,
    BusyError. The same code twice is one call.
    """
    code = re.sub(r"[\s-]", "", unicodedata.normalize("NFKC", code[:40]))
    user = members[0].user
    call = _try_code(user, members, code)
    if call is None:
        raise WrongCodeError
    return call


@transaction.atomic
def _try_code(user: User, members: Sequence[Membership], code: str) -> Call | None:
    lock_user(user)
    again = next(filter(None, (_already_on(member, code) for member in members)), None)
    if again is not None:
        return again
    _refuse_too_many(user)
    found = [
        (member, pickup)
        for member in members
        if (pickup := _find(member, code)) is not None
    ]
    if len(found) != 1:
        _remember_wrong(members[0])
        return None
    member, pickup = found[0]
    call = _call_for(member)
    customer = customer_of(pickup.visitor)
    pickup.spent_at = timezone.now()
    pickup.save(update_fields=["spent_at"])
    call.picked_up_with_code = True
    attach_customer(call, customer, member)
    call.save(update_fields=["picked_up_with_code", "updated_at"])
    log.record("pickup.redeemed", pickup, actor=user, after={"call": call.pk})
    assert call.conversation is not None
    add_line(
        call.conversation,
        call.inquiry,
        ThreadEvent.PICKED_UP,
        actor=user,
        after={"call": call.pk},
    )
    events.call_changed(call)
    return call


def _refuse_too_many(user: User) -> None:
    recent = PickupAttempt.objects.filter(
        member__user=user, at__gt=timezone.now() - TRIES_WINDOW
    )
    if recent.count() >= MAX_WRONG_TRIES:
        raise TooManyTriesError


def _find(member: Membership, code: str) -> PickupCode | None:
    """The code that may still be used, known by its keyed digest only.

    The index narrows by the first letters; the whole is compared in constant time.
    """
    if not _CODE.fullmatch(code):
        return None
    digest = credentials.digest(f"{member.account_id}:{code}")
    candidates = (
        PickupCode.objects.select_for_update(of=("self",), no_key=True)
        .select_related("visitor__inbox", "visitor__customer", "visitor__account")
        .filter(
            account_id=member.account_id,
            digest__startswith=digest[:_NARROWING],
            spent_at__isnull=True,
            expires_at__gt=timezone.now(),
        )
        .exclude(visitor__customer__is_test=True)
        .order_by("pk")
    )
    same = [one for one in candidates if hmac.compare_digest(one.digest, digest)]
    return same[0] if same else None


def _already_on(member: Membership, code: str) -> Call | None:
    """The member's running call, if this very code has just brought it about."""
    running = occupied_call(member.user)
    if running is None or not running.picked_up_with_code or not running.conversation:
        return None
    redeemed = PickupCode.objects.filter(
        account_id=member.account_id,
        digest=credentials.digest(f"{member.account_id}:{code}"),
        spent_at__gt=timezone.now() - TRIES_WINDOW,
        visitor__customer=running.conversation.customer_id,
    )
    return running if redeemed.exists() else None


def _remember_wrong(member: Membership) -> None:
    PickupAttempt.objects.create(member=member)
    PickupAttempt.objects.filter(
        member__user=member.user, at__lt=timezone.now() - timedelta(hours=1)
    ).delete()
    log.record("pickup.refused", member, actor=member.user)


def _call_for(member: Membership) -> Call:
    """The member's call in this account, or a new one. Raises BusyError."""
    running = occupied_call(member.user)
    if running is not None:
        if running.account_id != member.account_id or running.state == (
            CallState.WRAP_UP
        ):
            raise BusyError
        return lock_call(running)
    call = Call.objects.create(
        account=member.account,
        inbox=phone_inbox(member.account),
        member=member,
        state=CallState.TALKING,
        answered_at=timezone.now(),
    )
    log.record("call.started", call, actor=member.user, after={"code": True})
    return call
