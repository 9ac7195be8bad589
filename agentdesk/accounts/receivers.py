"""What sign-in leaves behind: a stamp in the session, entries in the audit log."""

import re
import time
from typing import Any

from allauth.account.signals import password_changed, password_reset
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import (
    authentication_failed,
    authenticator_added,
    authenticator_removed,
    authenticator_reset,
)
from django.contrib.auth import signals as django_signals
from django.dispatch import receiver
from django.http import HttpRequest

from agentdesk.accounts.actions.sign_out_everywhere import end_sessions
from agentdesk.accounts.idle import ACTIVE_AT
from agentdesk.accounts.models import User
from agentdesk.accounts.signals import sign_in_failed
from agentdesk.audit import log
from agentdesk.audit.origin import request_address

SIGNED_IN = "signed_in"
# The first that fits: Edge and Opera call themselves Chrome as well, all say Safari.
_BROWSERS = (
    ("Edge", r"Edg/"),
    ("Opera", r"OPR/"),
    ("Firefox", r"Firefox/"),
    ("Chrome", r"Chrome/"),
    ("Safari", r"Safari/"),
)
_SYSTEMS = (
    ("iPhone", r"iPhone"),
    ("iPad", r"iPad"),
    ("Android", r"Android"),
    ("Windows", r"Windows"),
    ("macOS", r"Mac OS X"),
    ("ChromeOS", r"CrOS"),
    ("Linux", r"Linux"),
)


def browser_name(agent: str) -> str:
    """Chrome, Windows: as much of a User-Agent as its owner recognises."""
    words = [
        next((name for name, mark in table if re.search(mark, agent)), "")
        for table in (_BROWSERS, _SYSTEMS)
    ]
    return ", ".join(word for word in words if word)


@receiver(django_signals.user_logged_in)
def stamp_session(request: HttpRequest, user: User, **_rest: Any) -> None:
    now = int(time.time())
    request.signed_in_user = user  # type: ignore[attr-defined]  # for DeviceMiddleware
    request.session[ACTIVE_AT] = now
    request.session[SIGNED_IN] = {
        "at": now,
        "address": request_address(request),
        "browser": browser_name(request.headers.get("User-Agent", "")),
    }


@receiver(django_signals.user_logged_out)
def record_sign_out(user: User | None, **_rest: Any) -> None:
    if isinstance(user, User):
        log.record("user.signed_out", user, actor=user)


@receiver(sign_in_failed)
def record_failure(user: User | None, **_rest: Any) -> None:
    if user is not None:
        log.record("user.sign_in_failed", user, actor=None)


@receiver(authentication_failed)
def record_wrong_code(user: User, **_rest: Any) -> None:
    log.record("user.code_failed", user, actor=None)


@receiver(authenticator_added)
def record_added(user: User, authenticator: Authenticator, **_rest: Any) -> None:
    _record_way(user, authenticator, "user.second_step_added", "after")


@receiver(authenticator_removed)
def record_removed(user: User, authenticator: Authenticator, **_rest: Any) -> None:
    _record_way(user, authenticator, "user.second_step_removed", "before")


@receiver(authenticator_reset)
def record_new_codes(user: User, **_rest: Any) -> None:
    log.record("user.recovery_codes_renewed", user, actor=user)


def _record_way(
    user: User, authenticator: Authenticator, action: str, side: str
) -> None:
    if authenticator.type == Authenticator.Type.RECOVERY_CODES:
        return
    way = {"second_step": str(authenticator.type)}
    log.record(
        action,
        user,
        actor=user,
        before=way if side == "before" else None,
        after=way if side == "after" else None,
    )


@receiver(password_changed)
def after_change(request: HttpRequest, user: User, **_rest: Any) -> None:
    """A new password ends every other session; this one goes on."""
    log.record("user.password_changed", user, actor=user)
    end_sessions(user, except_key=request.session.session_key or "")


@receiver(password_reset)
def after_reset(user: User, **_rest: Any) -> None:
    log.record("user.password_reset", user, actor=user)
    end_sessions(user)
