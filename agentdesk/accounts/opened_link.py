"""A one-time link once it is opened: its token leaves the address for a cookie.

An address is written to logs, histories and referrers, and is read over a shoulder; the
page behind the link has one without the token. The cookie holds the token's hash, signed
by us, so that signing in or out on the way loses nothing.
"""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from agentdesk.accounts.invitations import find_by_hash
from agentdesk.accounts.models import Invitation

_SALT = "opened-link"
_SECONDS = 3600


def exchange_link(invitation: Invitation, page: str) -> HttpResponse:
    """To the page of that name, with what shows there which link was opened."""
    response = redirect(page)
    response.set_signed_cookie(
        settings.LINK_COOKIE_NAME,
        invitation.token_hash,
        salt=_SALT,
        max_age=_SECONDS,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


def opened_invitation(request: HttpRequest) -> Invitation | None:
    """The invitation whose link this browser has opened within the hour."""
    stored = request.get_signed_cookie(
        settings.LINK_COOKIE_NAME, default="", salt=_SALT, max_age=_SECONDS
    )
    return find_by_hash(stored) if stored else None


def forget_link(response: HttpResponse) -> HttpResponse:
    response.delete_cookie(settings.LINK_COOKIE_NAME, samesite="Lax")
    return response
