"""Begin or resume: who the visitor is, what was said, whether somebody is there."""

from typing import Any
from uuid import UUID, uuid4

from django.http import HttpResponse
from django.utils.translation import gettext as _

from agentdesk import crypto as credentials
from agentdesk.card_masking import mask_cards
from conversations.adapters.webchat.identity import (
    InvalidIdentityTokenError,
    ShopIdentity,
    read_identity,
)
from conversations.choices import InboxState
from conversations.exceptions import RefusalError
from conversations.models import Inbox
from conversations.routing.opening import opening
from conversations.webchat import limits
from conversations.webchat.actions.identify_visitor import current_key, identify_visitor
from conversations.webchat.actions.visitor import see_page, state_about
from conversations.webchat.limits import ADDRESS_VISITORS, VISITOR_SIGNALS, retry_after
from conversations.webchat.selectors.webchat import history, known_visitor, reach_of
from conversations.webchat.views.door import (
    ChatRequest,
    Door,
    answer,
    chat_endpoint,
    too_fast,
)
from conversations.webchat.visitor_token import token_of
from customers.people.text import normalise_email, normalise_phone


@chat_endpoint(Door("POST", needs_token=False))
def session(chat: ChatRequest) -> HttpResponse:
    """Makes no row for a visitor who has done nothing yet."""
    identity, verdict = _identity(chat.inbox, chat.fields.get("identity"))
    key = current_key(chat.inbox, chat.key, identity)
    if key is None:
        seconds = retry_after(ADDRESS_VISITORS, chat.address)
        if seconds:
            return too_fast(seconds)
        key = uuid4()
    if identity is not None:
        identify_visitor(chat.inbox, key, identity, language=chat.language)
    is_new = key != chat.key
    # A key of this moment has no row, unless the shop has just said whose it is.
    is_nobody = is_new and identity is None
    is_noted = _see_page(chat, None if is_nobody else key)
    visitor = None if is_nobody else known_visitor(chat.inbox, key)
    return answer(
        {
            # The same one where it is good: other tabs need not look up who they are.
            "token": token_of(chat.chat_key, key) if is_new else chat.token,
            "is_new": is_new,
            "signed_out": is_new and chat.key is not None,
            "known": visitor is not None,
            "noted": is_noted,
            "identity": verdict,
            "name": (visitor.claims.get("name", "") if visitor else ""),
            "stated": visitor.stated if visitor else {},
            "reach": reach_of(visitor),
            "history": history(visitor),
            "opening": opening_data(chat.inbox),
        }
    )


def _identity(inbox: Inbox, token: Any) -> tuple[ShopIdentity | None, str]:
    if not token or inbox.state == InboxState.TEST:  # no tester is a real customer
        return None, "none"
    sealed = inbox.webchat.identity_secret
    try:
        secret = credentials.unseal(sealed) if sealed else ""
        identity = read_identity(token if isinstance(token, str) else "", secret)
    except (InvalidIdentityTokenError, credentials.UnsealError):
        return None, "refused"
    return identity, "verified"


def _see_page(chat: ChatRequest, key: UUID | None) -> bool:
    """None: nobody whose page could be noted."""
    url = mask_cards(chat.text("url", 2000), in_names=True)
    if not url.startswith(("http://", "https://")):
        return True  # an app's own page has no address to note
    if key is None:
        return False
    title = mask_cards(chat.text("title"))
    return see_page(chat.inbox, key, url=url, title=title)


def opening_data(inbox: Inbox) -> dict[str, Any]:
    now = opening(inbox)
    return {
        "answers": now.answers_now,
        "open": now.is_open,
        "next": now.next_opening.isoformat() if now.next_opening else None,
    }


@chat_endpoint(Door("POST", visitor_limits=(VISITOR_SIGNALS,)))
def page(chat: ChatRequest) -> HttpResponse:
    """The visitor has gone to another page without loading it anew."""
    return answer({"noted": _see_page(chat, chat.visitor_key)})


ABOUT_FIELDS = {"name": 100, "email": 254, "phone": 40, "subject": 200}


@chat_endpoint(Door("POST", visitor_limits=(limits.VISITOR_MESSAGES,)))
def about(chat: ChatRequest) -> HttpResponse:
    """What the visitor says of themselves, in the form before or instead of the chat."""
    stated = {
        name: mask_cards(chat.text(name, size), in_names=True)
        for name, size in ABOUT_FIELDS.items()
    }
    if stated["email"] and not normalise_email(stated["email"]):
        raise RefusalError(_("Please check the email address."))
    region = chat.inbox.account.phone_region
    if stated["phone"] and not normalise_phone(stated["phone"], region):
        raise RefusalError(_("Please check the phone number."))
    visitor = state_about(
        chat.inbox, chat.visitor_key, stated=stated, language=chat.language
    )
    return answer({"stated": visitor.stated, "reach": reach_of(visitor)})
