"""Pick-up codes: what a visitor reads out on the phone."""

import secrets
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone

from agentdesk import crypto as credentials
from agentdesk.audit import log
from conversations.models import PickupCode, Visitor

LIFETIME = timedelta(minutes=15)
DIGITS = 6
_TRIES = 20


def code_digest(account_id: int, code: str) -> str:
    return credentials.digest(f"{account_id}:{code}")


@transaction.atomic
def issue_code(visitor: Visitor) -> tuple[str, datetime]:
    """A new code for the visitor, and when it ends; their old one is spent by it."""
    now = timezone.now()
    Visitor.objects.select_for_update(of=("self",), no_key=True).get(pk=visitor.pk)
    visitor.pickup_codes.filter(spent_at__isnull=True).update(spent_at=now)
    expires_at = now + LIFETIME
    for _try in range(_TRIES):
        code = f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"
        if _store(visitor, code, expires_at):
            return code, expires_at
    raise RuntimeError("no free pick-up code")


def _store(visitor: Visitor, code: str, expires_at: datetime) -> bool:
    """False where another visitor of the account holds the same code now."""
    digest = code_digest(visitor.account_id, code)
    now = timezone.now()
    PickupCode.objects.filter(
        account_id=visitor.account_id,
        digest=digest,
        spent_at__isnull=True,
        expires_at__lte=now,
    ).update(spent_at=now)
    try:
        with transaction.atomic():
            row = PickupCode.objects.create(
                account_id=visitor.account_id,
                visitor=visitor,
                digest=digest,
                expires_at=expires_at,
            )
    except IntegrityError:
        return False
    log.record("pickup_code.issued", row, actor=None)
    return True
