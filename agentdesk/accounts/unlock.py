"""Asking again who is there, over the page, without losing what stands on it.

A page carries a signed note of its user. Where the session only rests, one proof is
enough; where it is gone, the same user signs in anew, with all that sign-in asks for.
"""

from dataclasses import dataclass

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.models import Authenticator
from django.core import signing
from django.db import transaction
from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import urlencode

from agentdesk.accounts.access import has_second_step
from agentdesk.accounts.idle import ACTIVE_AT, is_locked, note_activity
from agentdesk.accounts.middleware import SELECTED_ACCOUNT
from agentdesk.accounts.models import User
from agentdesk.accounts.step_up import is_proven
from agentdesk.audit import log

_SALT = "unlock"
# A shift and the night behind it. The note opens nothing, but it names a person.
_NOTE_SECONDS = 24 * 3600


@dataclass(frozen=True)
class Absentee:
    """Who has to show up again, and how they are missed."""

    user: User
    selected: str  # the slug of the account that the page stands in
    is_gone: bool  # no session of theirs is left in this browser
    has_second_step: bool
    has_passkey: bool

    @property
    def needs_code(self) -> bool:
        return self.is_gone and self.has_second_step


def unlock_address(user: User, selected: str = "") -> str:
    note = signing.dumps([user.pk, selected], salt=_SALT)
    return f"{reverse('accounts:unlock')}?{urlencode({'who': note})}"


def absentee(request: HttpRequest, note: str = "") -> Absentee | None:
    """Whom the page's note names, or else the session; None where nobody can be asked."""
    selected = ""
    user: User | None = request.user if isinstance(request.user, User) else None
    if note:
        try:
            pk, selected = signing.loads(note, salt=_SALT, max_age=_NOTE_SECONDS)
        except (signing.BadSignature, ValueError, TypeError):
            return None
        user = User.objects.filter(pk=pk, is_active=True).first()
    if user is None:
        return None
    return Absentee(
        user=user,
        selected=selected,
        is_gone=request.user.pk != user.pk,
        has_second_step=has_second_step(user),
        has_passkey=Authenticator.objects.filter(
            user=user, type=Authenticator.Type.WEBAUTHN
        ).exists(),
    )


def is_back(request: HttpRequest, who: Absentee, *, is_step_up: bool = False) -> bool:
    """Nothing to ask: unlocked already, perhaps in another tab.

    `is_step_up`: what is to be done next asks for a proof of this moment.
    """
    if who.is_gone or is_locked(request):
        return False
    return not is_step_up or is_proven(request)


@transaction.atomic
def let_in(request: HttpRequest, who: Absentee) -> None:
    """Go on with the session, or begin a new one for the same user."""
    was_locked = is_locked(request)
    if who.is_gone:
        get_adapter(request).login(request, who.user)
        if who.selected:
            request.session[SELECTED_ACCOUNT] = who.selected
    else:
        action = "user.unlocked" if was_locked else "user.confirmed"
        log.record(action, who.user, actor=who.user)
    record_authentication(request, who.user, "password", reauthenticated=True)
    request.session.pop(ACTIVE_AT, None)
    note_activity(request)
